import { inspect } from 'node:util'

/** A value that cannot be printed by accident: only `reveal()` gives it, and only what starts programs, seals or connects calls that. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
