import { Problem } from '../problems.ts'

/** A path cannot be used for what it was named for. */
export class LocationUnusable extends Problem {
  readonly path: string

  constructor(path: string, why: string) {
    super(`${path} ${why}`)
    this.path = path
  }
}
