/** Something that was measured, and the most that it may be, or the least. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** Such as `ms`; empty for a ratio or a number of things. */
  readonly unit: string
  readonly target: number
  /** Whether more is better. */
  readonly isAtLeast?: true
}

export interface MeasuredFigure extends Figure {
  readonly area: string
}

export const holds = ({ value, target, isAtLeast }: Figure): boolean => (isAtLeast ? value >= target : value <= target)

/** The middle one, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2
}

/** The value that `share` (0 to 1) of all values do not exceed. Sorts `values`. */
export const percentile = (values: Float64Array, share: number): number =>
  values.sort()[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN
