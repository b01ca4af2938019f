import { builder } from '../../schema/builder.ts'
import type { SummaryDefinition } from '../records/kind-definition.ts'
import { dryRunSummary as dryRun } from '../tasks/dry-run-summary.ts'
import { taskKinds } from '../tasks/index.ts'

/** A summary as `Task.summary` holds it, with the name of its type. */
interface Found {
  readonly __typename: string
  readonly [figure: string]: unknown
}

const typeOf = ({ name, description, figures }: SummaryDefinition) =>
  builder.objectRef<Found>(name).implement({
    description,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(figures).map(([figure, { type, description, isNullable = false }]) => [
          figure,
          t.field({ type, nullable: isNullable, description, resolve: (found) => found[figure] as never }),
        ]),
      ),
  })

const definitions = Object.values(taskKinds).flatMap(({ summary }) => summary ?? [])
const types = new Map(definitions.map((definition) => [definition.name, typeOf(definition)]))

/** Null for what is not stored as the kind has it. */
const read = (definition: SummaryDefinition | null, stored: unknown): Found | null => {
  if (definition === null || typeof stored !== 'object' || stored === null) return null
  const found = stored as Record<string, unknown>
  const isWhole = Object.entries(definition.figures).every(
    ([figure, { isNullable }]) => typeof found[figure] === 'number' || (isNullable && (found[figure] ?? null) === null),
  )
  return isWhole ? { ...found, __typename: definition.name } : null
}

const taskSummary = builder.unionType('TaskSummary', {
  description: 'What a task has found, by its kind.',
  types: [...types.values()],
  resolveType: ({ __typename }) => __typename,
})

builder.prismaObjectFields('Task', (t) => ({
  summary: t.field({
    type: taskSummary,
    nullable: true,
    description: 'What it has found so far, by its kind; null for kinds that find nothing to be counted.',
    select: { kind: true, summary: true },
    resolve: ({ kind, summary }) => read(taskKinds[kind].summary, summary),
  }),
  dryRunSummary: t.field({
    type: types.get(dryRun.name) ?? taskSummary,
    nullable: true,
    deprecationReason: 'Use `summary`, which other kinds have too.',
    description: 'What a DRY_RUN task has found so far; null for other kinds.',
    select: { kind: true, summary: true },
    resolve: ({ kind, summary }) => (kind === 'DRY_RUN' ? read(dryRun, summary) : null),
  }),
}))
