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

/** A request came with an API token that stands for nobody. */
export class ApiTokenWrong extends Problem {
  constructor() {
    super('This API token is wrong, has expired or was removed.')
  }
}

export class ApiTokenNotFound extends Problem {
  constructor() {
    super('There is no API token with this id.')
  }
}

export class UserNotFound extends Problem {
  constructor() {
    super('There is no person with this id.')
  }
}

export class OwnAccount extends Problem {
  constructor() {
    super('You cannot remove your own account. Another administrator can.')
  }
}

export class LastAdministrator extends Problem {
  constructor() {
    super('This is the last administrator. Make another one first.')
  }
}
