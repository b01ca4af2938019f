import { z } from 'zod'

/** How many files and folders a dry run has mentioned, by outcome; stored in `Task.dryRunSummary`. */
export const dryRunSummary = z.object({ included: z.number(), excluded: z.number(), unreadable: z.number() })

export type DryRunSummary = z.output<typeof dryRunSummary>
