import { setImmediate as othersTurn } from 'node:timers/promises'
import { chunk } from 'es-toolkit/array/chunk'
import { archiveColumns, type ReadArchive, readListed, reasonInName } from '../../archives/listed.ts'
import { findRenamed } from '../../archives/renamed.ts'
import { type ListedArchive, list as listCommand, listUnknown } from '../../borg/list.ts'
import { createListingReader, type Listing } from '../../borg/list-output.ts'
import type { Database } from '../../database/client.ts'
import { acceptedBy, sayReplaced } from '../../repositories/identity.ts'
import { importSettings } from '../../repositories/job-settings.ts'
import { defineTask } from './define.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { resultOf } from './result.ts'

/** Rows that SQLite writes in a moment: it lets nobody else work meanwhile. */
const batchSize = 100

/** Another job may list the same repository at the same time. */
const addMissing = (db: Database, repositoryId: string, archives: readonly ReadArchive[]) =>
  db.$transaction(async (records) => {
    const borgIds = archives.map(({ borgId }) => borgId)
    const known = await records.archive.findMany({
      where: { repositoryId, borgId: { in: borgIds } },
      select: { borgId: true },
    })
    const there = new Set(known.map(({ borgId }) => borgId))
    const missing = archives.filter(({ borgId }) => !there.has(borgId))
    await records.archive.createMany({ data: await archiveColumns(records, repositoryId, missing) })
  })

const knownColumns = {
  id: true,
  borgId: true,
  name: true,
  startedAt: true,
  finishedAt: true,
  comment: true,
  jobId: true,
  incompleteReason: true,
  isMarked: true,
  vanishedAt: true,
} as const

/**
 * Brings our records of the archives to what borg listed; what borg does not tell of an archive is kept. Those that are
 * gone, though nobody here has removed them, stay as vanished until a person has seen it.
 */
const reconcile = async ({ app: { db }, repository }: RepositoryTaskContext, listed: readonly ListedArchive[]) => {
  const archives = readListed(listed)
  const known = await db.archive.findMany({ where: { repositoryId: repository.id }, select: knownColumns })
  const byBorgId = new Map(known.map((archive) => [archive.borgId, archive]))
  const listedIds = new Set(archives.map(({ borgId }) => borgId))
  const renamed = findRenamed(
    known.filter(({ borgId }) => !listedIds.has(borgId)),
    archives.filter(({ borgId }) => !byBorgId.has(borgId)),
  )
  for (const { known: record, listed } of renamed) {
    const { borgId, name } = listed
    const reason = reasonInName(name)
    const isMarked = record.isMarked || reason !== null
    // What was marked elsewhere is incomplete here too.
    const incompleteReason = record.incompleteReason ?? reason
    const data = { borgId, name, isMarked, incompleteReason, vanishedAt: null }
    await db.archive.updateMany({ where: { id: record.id }, data })
  }
  const keptIds = new Set(renamed.map(({ known }) => known.id))
  const movedIds = new Set(renamed.map(({ listed }) => listed.borgId))
  const added = archives.filter(({ borgId }) => !byBorgId.has(borgId) && !movedIds.has(borgId))
  for (const some of chunk(added, batchSize)) {
    await addMissing(db, repository.id, some)
    await othersTurn()
  }
  for (const { borgId, name } of archives) {
    const record = byBorgId.get(borgId)
    if (record && (record.name !== name || record.vanishedAt !== null)) {
      await db.archive.updateMany({ where: { id: record.id }, data: { name, vanishedAt: null } })
    }
  }
  const vanishedAt = new Date()
  const gone = known
    .filter(({ id, borgId, vanishedAt }) => vanishedAt === null && !listedIds.has(borgId) && !keptIds.has(id))
    .map(({ id }) => id)
  for (const ids of chunk(gone, batchSize)) {
    await db.archive.updateMany({ where: { id: { in: ids } }, data: { vanishedAt } })
    await othersTurn()
  }
}

/** The command, which asks nothing that a person has answered already. */
const commandFor = ({ job, repository, borg }: RepositoryTaskContext) => {
  if (acceptedBy(job) !== null) return listUnknown(borg, { isMoved: true })
  const isUnknown = repository.refreshedAt === null && repository.encryption === null
  return isUnknown ? listUnknown(borg, importSettings.parse(job.settings)) : listCommand(borg)
}

const notOpened = (problem: string, doubt?: RepositoryTaskResult['doubt']): RepositoryTaskResult => ({
  state: 'FAILED',
  problem,
  isRepositoryOpened: false,
  ...(doubt && { doubt }),
})

/** Why what was listed is not the repository that it is listed for; null where it is. */
const findMismatch = async (
  { app: { db }, job, repository: { id }, whatChanged }: RepositoryTaskContext,
  listing: Listing,
) => {
  const { borgId, encryption } = await db.repository.findUniqueOrThrow({ where: { id } })
  const accepted = acceptedBy(job)
  const expected = accepted?.borgId ?? borgId
  if (expected !== null && expected !== listing.borgId) {
    return notOpened(`${sayReplaced(expected, listing.borgId)} ${await whatChanged()}`, 'REPLACED')
  }
  // What was known is of this one, and nobody has said that it is another.
  const isSame = borgId === listing.borgId && accepted?.doubt !== 'REPLACED'
  if (isSame && encryption !== null && encryption !== listing.encryption) {
    return notOpened(
      `The repository is encrypted by ${listing.encryption ?? 'a mode that is not known'}, and was by ${encryption} before. That can be an attack. ${await whatChanged()}`,
      'REPLACED',
    )
  }
  return null
}

/** Reads which archives the repository holds. Nothing is written unless all that borg said was understood. */
const listArchives = async (context: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { app, job, repository } = context
  const reader = createListingReader()
  const ended = await context.runBorg(commandFor(context), { onOutput: reader.push })
  if (ended.failure) {
    // What was confirmed is still to be: what kept it from being opened is to be mended first.
    const doubt = acceptedBy(job)?.doubt
    return { ...resultOf(ended), ...(doubt && { doubt }) }
  }
  const listing = reader.end()
  if (typeof listing === 'string') {
    return notOpened(
      `Borg’s list of archives ${listing}, although borg ended with status ${ended.exitCode}. What is known of the archives was left as it was.`,
    )
  }
  const mismatch = await findMismatch(context, listing)
  if (mismatch !== null) return mismatch
  const { archives, ...facts } = listing
  const isReplaced = repository.borgId !== null && repository.borgId !== listing.borgId
  const data = {
    ...facts,
    // What was known of another one.
    ...(isReplaced && { originalSize: null, compressedSize: null, deduplicatedSize: null }),
    refreshedAt: new Date(),
  }
  await context.persist(() => app.db.repository.update({ where: { id: repository.id }, data }))
  await context.persist(() => reconcile(context, archives))
  return resultOf(ended)
}

export const list = defineTask({
  description: '`borg list`: brings the records of the repository’s archives up to date.',
  // A repository may have changed all the same.
  runsAfterFailure: true,
  isRepeated: () => true,
  ...onRepository({ lease: 'READ', opening: 'PROOF', isThere: true }, listArchives),
})
