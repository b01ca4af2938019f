import { expect, test } from 'vitest'
import type { TaskKind } from '../../../../prisma/generated/client/client.ts'
import { firstLease, leaseFor, leasesBeside } from '../../../../server/jobs/records/leases.ts'
import { taskKinds } from '../../../../server/jobs/tasks/index.ts'

const tasks = (...kinds: TaskKind[]) => kinds.map((kind) => ({ kind }))

test.each([
  ['none where the first task needs none', tasks('HOOK', 'BACKUP'), null, 'WRITE'],
  ['the strongest of those that follow each other', tasks('LIST', 'BACKUP', 'LIST'), 'WRITE', 'WRITE'],
  ['no more than is needed until one needs none', tasks('LIST', 'HOOK', 'BACKUP'), 'READ', 'READ'],
  ['none where none needs one', tasks('HOOK', 'DRY_RUN'), null, null],
  ['none for nothing', tasks(), null, null],
] as const)('the lease is %s', (_what, of, lease, first) => {
  expect(leaseFor(taskKinds, of)).toBe(lease)
  expect(firstLease(taskKinds, of)).toBe(first)
})

test('what may be beside what is the same from both sides', () => {
  const modes = ['READ', 'WRITE'] as const
  for (const one of modes) {
    for (const other of modes) expect(leasesBeside(one).includes(other)).toBe(leasesBeside(other).includes(one))
  }
})
