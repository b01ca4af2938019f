import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { endOrphans, groupMark, serverMark } from '../../../server/process/orphans.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { hangingFolder } from '../../support/mounts.ts'
import { poll } from '../../support/poll.ts'
import { processesWith } from '../../support/processes.ts'

/** Starts a shell script that bears the mark of a server, and waits until it has written `ready`. */
const startMarked = async (mark: string, text: string) => {
  const child = spawn('sh', ['-c', `${text}; echo ready; while :; do sleep 1; done`], {
    env: { PATH: process.env.PATH ?? '', [serverMark]: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  cleanUpAfter(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  return { child, exited: once(child, 'exit') }
}

describe('endOrphans', () => {
  test('ends what bears the mark of a dead server, by SIGINT first, and nothing else', async () => {
    const polite = await startMarked('dead-1', 'trap "exit 5" INT')
    const other = await startMarked('living', ':')
    expect((await endOrphans(new Set(['dead-1', 'dead-2']))).found).toBeGreaterThanOrEqual(1)
    expect(await polite.exited).toEqual([5, null])
    expect(other.child.exitCode ?? other.child.signalCode).toBeNull()
  })

  test('sends SIGTERM where one SIGINT was not enough', async () => {
    const slow = await startMarked('dead-4', 'trap "" INT')
    await endOrphans(new Set(['dead-4']), 1000)
    expect(await slow.exited).toEqual([null, 'SIGTERM'])
  })

  test('kills what heeds neither', async () => {
    const stubborn = await startMarked('dead-3', 'trap "" INT TERM')
    await endOrphans(new Set(['dead-3']), 100)
    expect(await stubborn.exited).toEqual([null, 'SIGKILL'])
  })

  test('goes on without what it cannot end, and names it', async () => {
    const hanging = await hangingFolder()
    const { child, exited } = await startMarked('dead-6', `echo ready; exec ls ${hanging.path}`)
    await hanging.opened
    expect(await endOrphans(new Set(['dead-6']), 100)).toEqual({ found: 1, left: [child.pid] })
    hanging.answer()
    await exited
  })

  test('leaves alone what a command has put out of its process group on purpose', async () => {
    const command = `export ${groupMark}=$$; sleep 300 & setsid sleep 300 & :`
    const { child, exited } = await startMarked('dead-5', command)
    const sleeping = () => processesWith('dead-5').filter(({ commandLine }) => commandLine.startsWith('sleep 300'))
    await poll('both sleep', () => sleeping().length === 2)
    cleanUpAfter(() => {
      for (const { pid } of sleeping()) process.kill(pid, 'SIGKILL')
    })

    await endOrphans(new Set(['dead-5']), 1000)
    expect(await exited).not.toEqual([0, null])
    const left = sleeping()
    expect(left).toHaveLength(1)
    expect(left[0]?.environment).toContain(`${groupMark}=${child.pid}`)
  })

  test('has nothing to do where nothing was left', async () => {
    expect(await endOrphans(new Set(['never-was']))).toEqual({ found: 0, left: [] })
    expect(await endOrphans(new Set())).toEqual({ found: 0, left: [] })
  })
})
