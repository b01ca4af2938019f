import { expect, test } from 'vitest'
import type { Hook } from '../../../prisma/generated/client/client.ts'
import { planTasks } from '../../../server/plans/tasks.ts'

const hook = (name: string, moment: Hook['moment'], position: number): Hook => ({
  ...{ id: name, planId: 'plan', position, name, moment, command: 'true', workingFolder: null },
  ...{ environmentSealed: null, timeLimit: 300, stopsOnFailure: true },
})

test('a backup without a plan is made and listed', () => {
  expect(planTasks(null)).toEqual([{ kind: 'BACKUP' }, { kind: 'LIST' }])
})

test('the job of a plan has what its sections add: before, the backup as it is to be run, and after', () => {
  const hooks = [hook('tidy up', 'ALWAYS', 0), hook('tell', 'ON_SUCCESS', 1), hook('dump', 'BEFORE', 2)]
  const tasks = planTasks({ retries: 2, retryDelay: 30, timeLimit: 600, hooks })
  expect(tasks.map(({ kind, settings }) => (kind === 'HOOK' ? (settings as { name: string }).name : kind))).toEqual([
    'dump',
    'BACKUP',
    'LIST',
    'tell',
    'tidy up',
  ])
  expect(tasks).toContainEqual({ kind: 'BACKUP', retries: 2, retryDelay: 30, timeLimit: 600 })
})
