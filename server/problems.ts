import type { ZodType } from 'zod'

/**
 * What a mutation can refuse, by name: each subclass is one GraphQL type that implements `Problem`. Its message is shown
 * to people: it says what happened, what was kept and what to do, and never holds a secret or a program's arguments.
 */
export abstract class Problem extends Error {}

/** One field of an input that breaks a rule. */
export interface InvalidField {
  readonly path: readonly string[]
  readonly message: string
}

export class InvalidInput extends Problem {
  readonly fields: readonly InvalidField[]

  constructor(fields: readonly InvalidField[]) {
    // What is wrong with an input as a whole has no path.
    super(fields.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('\n'))
    this.fields = fields
  }
}

/** Another of the same kind, such as a `repository`, has the name. */
export class NameTaken extends Problem {
  constructor(kind: string, name: string) {
    super(`There already is a ${kind} named ${name}.`)
  }
}

/** Fields that are told of at once. Whoever sends a thousand wrong ones mends the first before they ask again. */
const mostFields = 100

/** The input as `schema` makes it. Throws `InvalidInput`. */
export const validated = <T>(schema: ZodType<T>, input: unknown): T => {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, mostFields)
  throw new InvalidInput(issues.map(({ path, message }) => ({ path: path.map(String), message })))
}
