import type { z } from 'zod'

/** What has all that the members of a union have. */
type All<Members> = (Members extends unknown ? (member: Members) => void : never) extends (all: infer Whole) => void
  ? Whole
  : never

/** One shape that has the parts of all. */
export const mergedShape = <Shape extends z.ZodRawShape>(shapes: readonly Shape[]) =>
  Object.assign({}, ...shapes) as All<Shape>
