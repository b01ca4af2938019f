import { setImmediate as othersTurn } from 'node:timers/promises'
import { JSONParser } from '@streamparser/json'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import {
  isCheckpoint,
  type ListedArchive,
  list,
  listedArchive,
  listedEncryption,
  listedRepository,
  listUnknown,
} from '../../borg/list.ts'
import { portionsOf } from '../../database/portions.ts'
import { importSettings } from '../settings.ts'
import { resultOf, type Step, type StepContext } from '../step.ts'

const checkpointReason = 'It is a checkpoint: what a backup that was stopped had saved until then.'

/** Rows that SQLite writes in a moment: it lets nobody else work meanwhile. */
const portion = 100

/** Another job may list the same repository at the same time. */
const addMissing = (db: StepContext['db'], repositoryId: string, data: Prisma.ArchiveCreateManyInput[]) =>
  db.$transaction(async (records) => {
    const borgIds = data.map(({ borgId }) => borgId)
    const known = await records.archive.findMany({
      where: { repositoryId, borgId: { in: borgIds } },
      select: { borgId: true },
    })
    const there = new Set(known.map(({ borgId }) => borgId))
    await records.archive.createMany({ data: data.filter(({ borgId }) => !there.has(borgId)) })
  })

/** Brings our records of the archives to what borg listed; what borg does not tell of an archive is kept. */
const reconcile = async ({ db, repository }: StepContext, archives: readonly ListedArchive[]) => {
  const known = await db.archive.findMany({
    where: { repositoryId: repository.id },
    select: { id: true, borgId: true, name: true },
  })
  const byBorgId = new Map(known.map((archive) => [archive.borgId, archive]))
  const listedIds = new Set(archives.map(({ borgId }) => borgId))
  const added = archives
    .filter(({ borgId }) => !byBorgId.has(borgId))
    .map((archive) => ({
      ...archive,
      repositoryId: repository.id,
      incompleteReason: isCheckpoint(archive.name) ? checkpointReason : null,
    }))
  for (const data of portionsOf(added, portion)) {
    await addMissing(db, repository.id, data)
    await othersTurn()
  }
  for (const { borgId, name } of archives) {
    const record = byBorgId.get(borgId)
    if (record && record.name !== name) await db.archive.updateMany({ where: { id: record.id }, data: { name } })
  }
  const gone = known.filter(({ borgId }) => !listedIds.has(borgId)).map(({ id }) => id)
  for (const ids of portionsOf(gone, portion)) {
    await db.archive.deleteMany({ where: { id: { in: ids } } })
    await othersTurn()
  }
}

/** Reads which archives the repository holds. */
export const listArchives: Step = async (context) => {
  const { db, job, repository, borg } = context
  const archives: ListedArchive[] = []
  const facts: { encryption?: unknown; repository?: unknown } = {}
  const parser = new JSONParser({ paths: ['$.archives.*', '$.encryption', '$.repository'], keepStack: false })
  parser.onValue = ({ value, key }) => {
    if (key === 'encryption') facts.encryption = value
    else if (key === 'repository') facts.repository = value
    else archives.push(listedArchive.parse(value))
  }
  const isUnknown = repository.borgId === null && repository.encryption === null
  const ended = await context.runBorg(isUnknown ? listUnknown(borg, importSettings.parse(job.settings)) : list(borg), {
    onOutput: (data) => parser.write(data),
  })
  if (ended.failure) return resultOf(ended)
  await context.persist(() => reconcile(context, archives))
  const data = {
    state: 'READY',
    problem: null,
    encryption: listedEncryption.parse(facts.encryption).mode,
    borgId: listedRepository.parse(facts.repository).id,
    refreshedAt: new Date(),
  } as const
  await context.persist(() => db.repository.update({ where: { id: repository.id }, data }))
  return resultOf(ended)
}
