import type { Database } from './database/client.ts'
import { wayBack } from './database/errors.ts'
import { unfinishedStates } from './jobs/records/states.ts'
import { hookPurpose, hookSettings } from './plans/hook-settings.ts'
import { keyPurpose, passphrasePurpose } from './repositories/borg-access.ts'
import { KeyFileUnusable, SealedWithOtherKey, type Vault } from './secrets/vault.ts'

/** A value that only the vault opens. */
export interface SealedValue {
  readonly sealed: string
  readonly purpose: string
  /** What it is, in plain words. */
  readonly what: string
}

interface SealedColumn {
  readonly model: string
  /** The name that ends in `Sealed`: of a column, or within one that is JSON. */
  readonly name: string
  /** Those that are still needed. */
  readonly read: (db: Database) => Promise<readonly SealedValue[]>
}

/** Everything in the records that is sealed. */
export const sealedColumns: readonly SealedColumn[] = [
  {
    model: 'Repository',
    name: 'passphraseSealed',
    read: async (db) => {
      const select = { id: true, name: true, passphraseSealed: true } as const
      const rows = await db.repository.findMany({ where: { passphraseSealed: { not: null } }, select })
      return rows.map(({ id, name, passphraseSealed }) => ({
        sealed: passphraseSealed ?? '',
        purpose: passphrasePurpose(id),
        what: `the passphrase of the repository “${name}”`,
      }))
    },
  },
  {
    model: 'Repository',
    name: 'keySealed',
    read: async (db) => {
      const select = { id: true, name: true, keySealed: true } as const
      const rows = await db.repository.findMany({ where: { keySealed: { not: null } }, select })
      return rows.map(({ id, name, keySealed }) => ({
        sealed: keySealed ?? '',
        purpose: keyPurpose(id),
        what: `the key of the repository “${name}”`,
      }))
    },
  },
  {
    model: 'Hook',
    name: 'environmentSealed',
    read: async (db) => {
      const select = { id: true, name: true, environmentSealed: true } as const
      const rows = await db.hook.findMany({ where: { environmentSealed: { not: null } }, select })
      return rows.map(({ id, name, environmentSealed }) => ({
        sealed: environmentSealed ?? '',
        purpose: hookPurpose(id),
        what: `the variables of the hook “${name}”`,
      }))
    },
  },
  {
    model: 'Task',
    name: 'environmentSealed',
    // Those of jobs that have ended are history, of which there may be a million.
    read: async (db) => {
      const tasks = await db.task.findMany({
        where: { kind: 'HOOK', job: { state: { in: [...unfinishedStates] } } },
        select: { settings: true },
      })
      return tasks.flatMap(({ settings }) => {
        const { environmentSealed = null, hookId = '', name = '' } = hookSettings.safeParse(settings).data ?? {}
        if (environmentSealed === null) return []
        const what = `the variables of the hook “${name}” of a job that waits`
        return [{ sealed: environmentSealed, purpose: hookPurpose(hookId), what }]
      })
    },
  },
]

/** All sealed values that are still needed. */
export const readSealed = async (db: Database): Promise<readonly SealedValue[]> =>
  (await Promise.all(sealedColumns.map(({ read }) => read(db)))).flat()

/** Throws `KeyFileUnusable` where something sealed does not open: nothing may be done then, nor sealed with another key. */
export const checkSealed = (values: readonly SealedValue[], vault: Vault, keyFile: string): void => {
  for (const { sealed, purpose, what } of values) {
    try {
      vault.open(sealed, purpose)
    } catch (error) {
      const isOther = error instanceof SealedWithOtherKey
      const why = isOther
        ? `it was sealed with another key than the one in ${keyFile}. Put the key file back that belongs to the records. ${wayBack}, with the key that belonged to them`
        : `it was changed or damaged in the records. ${wayBack}`
      throw new KeyFileUnusable(`What is sealed does not open, ${what} for one: ${why}.`, { cause: error })
    }
  }
}
