import type { Measurement } from '../areas.ts'
import { firstLoads } from './web/first-load.ts'

/** The web client. */
export const web: readonly Measurement[] = [firstLoads]
