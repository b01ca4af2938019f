import { Problem } from '../problems.ts'

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

export class PatternsUnchecked extends Problem {
  constructor(why: string) {
    super(
      `Whether borg understands the patterns could not be found out: ${why.replace(/[.\s]*$/, '')}. Nothing was changed.`,
    )
  }
}
