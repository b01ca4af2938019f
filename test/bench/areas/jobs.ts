import type { Measurement } from '../areas.ts'
import { pages } from './jobs/pages.ts'
import { schedules } from './jobs/schedules.ts'
import { throughput } from './jobs/throughput.ts'

/** Jobs and schedules, many of them. */
export const jobs: readonly Measurement[] = [schedules, throughput, pages]
