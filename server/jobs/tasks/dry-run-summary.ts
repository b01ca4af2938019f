import type { DryRunEntry } from '../../borg/dry-run.ts'
import type { SummaryDefinition, SummaryOf } from '../records/kind-definition.ts'

export const dryRunSummary = {
  name: 'DryRunSummary',
  description:
    'How many files and folders a dry run has found. What lies in a folder that is left out whole is not counted.',
  figures: {
    included: { type: 'Int', description: 'Those that would be backed up.' },
    excluded: { type: 'Int', description: 'Those that would be left out.' },
    unreadable: { type: 'Int', description: 'Those that may not be read.' },
  },
} as const satisfies SummaryDefinition

export type DryRunSummary = SummaryOf<typeof dryRunSummary>

export const emptySummary: DryRunSummary = { included: 0, excluded: 0, unreadable: 0 }

/** The summary with one more entry. */
export const addToSummary = (
  { included, excluded, unreadable }: DryRunSummary,
  { outcome }: DryRunEntry,
): DryRunSummary => ({
  included: included + Number(outcome === 'INCLUDED'),
  excluded: excluded + Number(outcome === 'EXCLUDED'),
  unreadable: unreadable + Number(outcome === 'UNREADABLE'),
})
