import { Problem } from '../problems.ts'

export class PlanNotFound extends Problem {
  constructor() {
    super('There is no plan with this id.')
  }
}
