import { incompleteName, isIncompleteName } from '../../borg/incomplete-name.ts'
import { isCheckpoint } from '../../borg/list.ts'
import { rename } from '../../borg/rename.ts'
import { commandLine } from '../../process/command.ts'
import type { RepositoryTaskContext } from './on-repository.ts'

/** Archives that one backup marks at most: older ones may have been left. */
const most = 20

/**
 * Has the names of archives in the repository say that these are incomplete, where only our records say so: what this
 * backup made, and what a server that was stopped too early has left. Gives the new names by borg's ids of the archives;
 * the list that is read next brings both into the records. What cannot be renamed now is left to the next backup.
 */
export const markIncomplete = async (context: RepositoryTaskContext): Promise<ReadonlyMap<string, string>> => {
  const { app, repository, borg, journal, persist, signal } = context
  const { db } = app
  const unmarked = await db.archive.findMany({
    // One that has vanished may have left its name to another.
    where: { repositoryId: repository.id, incompleteReason: { not: null }, isMarked: false, vanishedAt: null },
    orderBy: { id: 'desc' },
    take: most,
    select: { id: true, borgId: true, name: true },
  })
  const isTaken = async (name: string) =>
    (await db.archive.findFirst({ where: { repositoryId: repository.id, name }, select: { id: true } })) !== null
  const marked = new Map<string, string>()
  for (const { id, borgId, name } of unmarked) {
    if (signal.aborted) break
    if (!isCheckpoint(name) && !isIncompleteName(name)) {
      const to = await incompleteName(name, async (name) => [...marked.values()].includes(name) || isTaken(name))
      const command = rename(borg, { from: name, to })
      await journal.output([`--- Marks the archive as incomplete: ${commandLine(command)} ---`])
      const { failure } = await context.runBorg(command, { isAside: true })
      if (failure) continue
      marked.set(borgId, to)
    }
    await persist(() => db.archive.updateMany({ where: { id }, data: { isMarked: true } }))
  }
  return marked
}
