import { Problem } from '../problems.ts'

export class AlreadySetUp extends Problem {
  constructor() {
    super('An administrator exists already. Sign in instead.')
  }
}

export class SetupTokenWrong extends Problem {
  constructor() {
    super('This is not the set-up token. The server prints the right one when it starts.')
  }
}

export class CredentialsWrong extends Problem {
  constructor() {
    super('The username or the password is wrong.')
  }
}

export class TooManyAttempts extends Problem {
  /** Seconds. */
  readonly retryAfter: number

  constructor(retryAfter: number) {
    const wait = retryAfter < 60 ? `${retryAfter} s` : `${Math.ceil(retryAfter / 60)} min`
    super(`Too many attempts. Try again in ${wait}.`)
    this.retryAfter = retryAfter
  }
}
