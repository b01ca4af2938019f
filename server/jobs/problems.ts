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
