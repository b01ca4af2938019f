import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { keyImport } from '../../borg/key-import.ts'
import { open } from '../../borg/open.ts'
import { keyOf } from '../../repositories/borg-access.ts'
import { placeOf } from '../../repositories/place.ts'
import { defineTask } from './define.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { resultOf } from './result.ts'

const failed = (problem: string): RepositoryTaskResult => ({ state: 'FAILED', problem, isRepositoryOpened: false })

const wrongTogether =
  'The key and the passphrase do not open the repository together: one of them is wrong. The keys that Borgitory keeps are as they were.'

/** Tries the key where borg has no other one: in a folder of its own. Null where it opens the repository. */
const tryKey = async ({
  app,
  borg,
  repository,
  runBorg,
}: RepositoryTaskContext): Promise<RepositoryTaskResult | null> => {
  const baseFolder = join(borg.baseFolder, 'keys-on-trial', repository.id)
  await rm(baseFolder, { recursive: true, force: true })
  await mkdir(baseFolder, { recursive: true, mode: 0o700 })
  try {
    const trial = { ...borg, baseFolder }
    const imported = await runBorg(keyImport(trial, keyOf(app, repository)), { isTrial: true })
    if (imported.failure) return resultOf(imported)
    const opened = await runBorg(open(trial), { isTrial: true })
    if (opened.failure === null) return null
    const isWrong = opened.errors.some(({ messageId }) => messageId === 'PassphraseWrong')
    return isWrong ? failed(wrongTogether) : resultOf(opened)
  } finally {
    await rm(baseFolder, { recursive: true, force: true })
  }
}

/**
 * Puts the key of an imported repository where borg looks for it, once it has shown that it opens the repository: borg
 * takes whatever has the right first line, and the key that was there before would be lost. Where the repository keeps its
 * key in itself, borg would overwrite that one.
 */
const putInPlace = async (context: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { app, borg, repository, runBorg, whatChanged } = context
  if ((await placeOf(repository).readConfig())?.hasKey) {
    return failed(
      `The repository keeps its key in itself, and the one that was given would overwrite it. Import the repository without a key. ${await whatChanged()}`,
    )
  }
  return (await tryKey(context)) ?? resultOf(await runBorg(keyImport(borg, keyOf(app, repository))))
}

export const importKey = defineTask({
  description: '`borg key import`',
  effects: {
    done: 'The key was imported before that',
    unfinished: 'The key may have been written already.',
  },
  ...onRepository({ lease: 'WRITE', opening: 'PART', isThere: true }, putInPlace),
})
