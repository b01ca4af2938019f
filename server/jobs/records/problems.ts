import { Problem } from '../../problems.ts'

export class JobNotFound extends Problem {
  constructor() {
    super('There is no job with this id.')
  }
}

export class JobFinished extends Problem {
  constructor() {
    super('The job has ended already.')
  }
}

export class JobNotRetryable extends Problem {
  constructor(why: string) {
    super(`The job cannot be tried again. ${why}`)
  }
}

export class JobNotWaiting extends Problem {
  constructor() {
    super('The job does not wait any more: it has begun, or has ended.')
  }
}

export class PatternsUnchecked extends Problem {
  constructor(why: string) {
    super(
      `Whether borg understands the patterns could not be found out: ${why.replace(/[.\s]*$/, '')}. Nothing was changed.`,
    )
  }
}
