import { Problem } from '../problems.ts'

export class LocationTaken extends Problem {
  constructor(location: string) {
    super(`The repository at ${location} is managed here already.`)
  }
}

export class RepositoryNotFound extends Problem {
  constructor() {
    super('There is no repository with this id.')
  }
}

export class RepositoryNotReady extends Problem {
  constructor(problem: string | null) {
    super(`The repository cannot be used now. ${problem ?? 'The job that creates or imports it has not ended.'}`)
  }
}

export class NotInDoubt extends Problem {
  constructor() {
    super('What is at the place of the repository is not, or not any more, what you have confirmed. Nothing was begun.')
  }
}

export class RepositoryBusy extends Problem {
  constructor() {
    super('A job of this repository has not ended: wait for it or cancel it. Nothing was changed.')
  }
}
