import { type GraphQLField, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql'
import { expect, it } from 'vitest'
import { schema } from '../../../server/schema/index.ts'

interface Declaration {
  readonly complexity?: unknown
  readonly resolve?: unknown
  readonly query?: unknown
}

const optionsOf = ({ extensions }: GraphQLField<unknown, unknown>) => (extensions.pothosOptions ?? {}) as Declaration

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => Object.values(type.getFields()))

const find = (coordinate: string) => {
  const field = fields.find((candidate) => String(candidate) === coordinate)
  if (!field) throw new Error(`There is no ${coordinate}.`)
  return field
}

/** What Pothos resolves by itself, as it is written: columns, relations, ids, and the parts of pages. */
const byPothos = new Set(
  [
    'Repository.name',
    'Repository.id',
    'Job.tasks',
    'Job.archive',
    'Query.jobs',
    'Repository.archives',
    'Query.node',
    'Query.nodes',
    'Task.progress',
  ].map((coordinate) => String(optionsOf(find(coordinate)).resolve)),
)

/** Those that say with a value, or with a list that comes with their row, what was read already. */
const free = [
  'AllowedWindow.weekdays',
  'Archive.sources',
  'BackupSettings.patterns',
  'Change.isDeleted',
  'Change.typename',
  'CompactSummary.freedSize',
  'CronPreview.nextRuns',
  'CronPreview.problems',
  'DryRunSummary.excluded',
  'DryRunSummary.included',
  'DryRunSummary.unreadable',
  'InvalidField.path',
  'InvalidInput.fields',
  'Queue.isPaused',
  'Repository.isUsable',
  'Task.commandLine',
  'Task.hookCommand',
  'Task.hookMoment',
  'Task.hookName',
  'Task.outputSize',
  'Task.repositoryName',
  'TaskOutput.lines',
  'TaskProgress.percent',
  'TaskProgress.secondsLeft',
]

/** Those that are an object which was read already, or read one row. */
const rows = [
  'BackupSettings.compression',
  'BackupPlan.settings',
  'Change.node',
  'CreatedApiToken.apiToken',
  'Job.backup',
  'Job.repository',
  'Query.history',
  'Query.queue',
  'Query.system',
  'Schedule.window',
  'Task.dryRunSummary',
  'Task.repository',
  'Task.summary',
]

const isPageOf = (field: GraphQLField<unknown, unknown>) =>
  isObjectType(field.parentType) && /(?:Connection|Edge)$/.test(field.parentType.name)

const isRootOfChange = (field: GraphQLField<unknown, unknown>) =>
  field.parentType === schema.getSubscriptionType() || field.parentType === schema.getMutationType()

it('should have a price for each field that does more than give what was read', () => {
  const computed = fields.filter((field) => {
    const { resolve, complexity } = optionsOf(field)
    return resolve !== undefined && complexity === undefined && !byPothos.has(String(resolve)) && !isPageOf(field)
  })
  const isList = (field: GraphQLField<unknown, unknown>) => isListType(getNullableType(field.type))
  const isValue = (field: GraphQLField<unknown, unknown>) => isLeafType(getNamedType(field.type))
  // Mutations have one unless they say so, and subscriptions read what was changed.
  const unpriced = computed.filter((field) => !isRootOfChange(field) || isValue(field))
  const [values, objects] = [
    unpriced.filter((field) => isValue(field) || isList(field)),
    unpriced.filter((field) => !isValue(field) && !isList(field)),
  ]
  expect(values.map(String).toSorted()).toEqual(free.toSorted())
  expect(objects.map(String).toSorted()).toEqual(rows.toSorted())
})
