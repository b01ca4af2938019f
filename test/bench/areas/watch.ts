import type { Measurement } from '../areas.ts'
import { latency } from './watch/latency.ts'
import { subscribers } from './watch/subscribers.ts'

/** What is watched live, by many. */
export const watch: readonly Measurement[] = [latency, subscribers]
