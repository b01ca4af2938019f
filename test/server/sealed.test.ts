import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../server/database/client.ts'
import { hookPurpose, hookSettings } from '../../server/plans/hook-settings.ts'
import { keyPurpose, passphrasePurpose } from '../../server/repositories/borg-access.ts'
import { checkSealed, readSealed, sealedColumns } from '../../server/sealed.ts'
import { Secret } from '../../server/secrets/secret.ts'
import { KeyFileUnusable, openVault, type Vault } from '../../server/secrets/vault.ts'
import { root } from '../../server/setup/programs.mjs'
import { openRecords } from '../support/records.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('every column that holds something sealed is on the list', () => {
  const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8')
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)]
  const columns = models.flatMap(([, model, body = '']) =>
    [...body.matchAll(/^ +(\w+Sealed)\b/gm)].map(([, name]) => `${model}.${name}`),
  )
  const withinTasks = Object.keys(hookSettings.shape)
    .filter((name) => name.endsWith('Sealed'))
    .map((name) => `Task.${name}`)
  expect(columns.length).toBeGreaterThan(2)
  expect(sealedColumns.map(({ model, name }) => `${model}.${name}`).toSorted()).toEqual(
    [...columns, ...withinTasks].toSorted(),
  )
})

describe('sealed values', () => {
  let db: Database
  let vault: Vault

  beforeEach(async () => {
    db = await openRecords()
    vault = await openVault(join(temporaryFolder(), 'secret.key'))
  })

  const seal = (purpose: string) => vault.seal(new Secret('canary'), purpose)

  const addAll = async () => {
    const repository = { id: 'r', name: 'documents', location: '/nowhere' }
    const hook = { id: 'h', position: 0, name: 'dump', moment: 'BEFORE', command: 'true' } as const
    await db.repository.create({
      data: { ...repository, passphraseSealed: seal(passphrasePurpose('r')), keySealed: seal(keyPurpose('r')) },
    })
    await db.repository.create({ data: { name: 'open', location: '/elsewhere' } })
    await db.backupPlan.create({ data: { id: 'p', name: 'nightly', repositoryId: 'r', settings: {} } })
    await db.hook.create({ data: { ...hook, planId: 'p', environmentSealed: seal(hookPurpose('h')) } })
    for (const state of ['QUEUED', 'COMPLETED'] as const) {
      const { name, moment, command } = hook
      const settings = { name, moment, command, workingFolder: null, hookId: 'h' }
      await db.job.create({
        data: {
          kind: 'BACKUP',
          state,
          repositoryName: 'documents',
          settings: {},
          tasks: {
            create: [
              { kind: 'HOOK', position: 0, settings: { ...settings, environmentSealed: seal(hookPurpose('h')) } },
              { kind: 'HOOK', position: 1, settings: { ...settings, environmentSealed: null } },
            ],
          },
        },
      })
    }
  }

  const whats = [
    'the key of the repository “documents”',
    'the passphrase of the repository “documents”',
    'the variables of the hook “dump”',
    'the variables of the hook “dump” of a job that waits',
  ]

  test('are found wherever they are needed, and all open', async () => {
    expect(await readSealed(db)).toEqual([])
    await addAll()
    const values = await readSealed(db)
    expect(values.map(({ what }) => what).toSorted()).toEqual(whats)
    expect(() => checkSealed(values, vault, 'secret.key')).not.toThrow()
  })

  test.each(whats)('refuse a start where one does not open: %s', async (what) => {
    await addAll()
    const other = await openVault(join(temporaryFolder(), 'other.key'))
    const values = (await readSealed(db)).filter((value) => value.what === what)
    expect(() => checkSealed(values, other, '/keys/secret.key')).toThrow(KeyFileUnusable)
    expect(() => checkSealed(values, other, '/keys/secret.key')).toThrow(
      `What is sealed does not open, ${what} for one: it was sealed with another key than the one in /keys/secret.key.`,
    )
    const damaged = values.map((value) => ({ ...value, sealed: value.sealed.slice(0, -4) }))
    expect(() => checkSealed(damaged, vault, 'secret.key')).toThrow(/changed or damaged.*npm run restore-records/)
  })
})
