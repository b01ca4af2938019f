import { expect, test } from 'vitest'
import type { TaskKind } from '../../../../prisma/generated/client/client.ts'
import { firstLease, leaseFor, leasesBeside } from '../../../../server/jobs/records/leases.ts'
import { taskKinds } from '../../../../server/jobs/tasks/index.ts'

const job = { repositoryId: 'one' }
const tasks = (...kinds: TaskKind[]) => kinds.map((kind) => ({ kind, repositoryId: null }))

test.each([
  ['none where the first task needs none', tasks('HOOK', 'BACKUP'), null, 'WRITE'],
  ['the strongest of those that follow each other', tasks('LIST', 'BACKUP', 'LIST'), 'WRITE', 'WRITE'],
  ['no more than is needed until one needs none', tasks('LIST', 'HOOK', 'BACKUP'), 'READ', 'READ'],
  ['none where none needs one', tasks('HOOK', 'DRY_RUN'), null, null],
  ['none for nothing', tasks(), null, null],
] as const)('the lease is %s', (_what, of, lease, first) => {
  expect(leaseFor(taskKinds, job, of)).toEqual(lease && { repositoryId: 'one', mode: lease })
  expect(firstLease(taskKinds, job, of)).toEqual(first && { repositoryId: 'one', mode: first })
})

test('tasks on different repositories share no lease, and those whose repository was removed need none', () => {
  const several = [
    { kind: 'LIST', repositoryId: 'one' },
    { kind: 'BACKUP', repositoryId: 'two' },
    { kind: 'LIST', repositoryId: 'two' },
  ] as const
  const none = { repositoryId: null }
  expect(leaseFor(taskKinds, none, several)).toEqual({ repositoryId: 'one', mode: 'READ' })
  expect(leaseFor(taskKinds, none, several.slice(1))).toEqual({ repositoryId: 'two', mode: 'WRITE' })
  expect(leaseFor(taskKinds, none, tasks('BACKUP'))).toBeNull()
  expect(firstLease(taskKinds, none, [...tasks('HOOK', 'LIST'), ...several])).toEqual({
    repositoryId: 'one',
    mode: 'READ',
  })
})

test('what may be beside what is the same from both sides', () => {
  const modes = ['READ', 'WRITE'] as const
  for (const one of modes) {
    for (const other of modes) expect(leasesBeside(one).includes(other)).toBe(leasesBeside(other).includes(one))
  }
})
