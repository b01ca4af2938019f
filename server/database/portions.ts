/** Takes rows apart so that one statement does not keep everybody else from the records for long. */
export const portionsOf = function* <T>(rows: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
