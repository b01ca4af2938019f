import { chunk } from 'es-toolkit/array/chunk'
import type { Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { findRepository } from '../repositories/service.ts'

/** Rows that are removed in a moment. */
const batchSize = 100

/**
 * Removes the records of archives that have vanished, after a person has seen them: those that were found gone at
 * `until` or before. Throws `RepositoryNotFound`.
 */
export const forgetVanishedArchives = async (app: App, repositoryId: string, until: Date): Promise<Repository> => {
  const { db, events } = app
  await findRepository(app, repositoryId)
  const vanished = { repositoryId, vanishedAt: { lte: until } }
  const found = await db.archive.findMany({ where: vanished, select: { id: true } })
  // One that was listed again meanwhile is there.
  for (const rows of chunk(found, batchSize)) {
    await db.archive.deleteMany({ where: { ...vanished, id: { in: rows.map(({ id }) => id) } } })
  }
  events.publish('repository:changed', repositoryId)
  return findRepository(app, repositoryId)
}
