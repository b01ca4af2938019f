/** An id as Prisma makes it at this time (milliseconds since the epoch); `index` tells ids of one moment apart. */
export const idAt = (time: number, index = 0): string => {
  const digits = time.toString(16).padStart(12, '0')
  const last = String(index).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${last.slice(-3)}-8000-${last}`
}
