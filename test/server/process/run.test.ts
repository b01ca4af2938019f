import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../../server/process/command.ts'
import { LineTooLong } from '../../../server/process/lines.ts'
import { type Exit, type RunEvent, type RunOptions, run } from '../../../server/process/run.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { type HangingFolder, hangingFolder } from '../../support/mounts.ts'
import { poll } from '../../support/poll.ts'
import { isRunning } from '../../support/processes.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const environment = { PATH: process.env.PATH ?? '' }

const program = (name: string, ...args: string[]): Command<string> => ({ program: name, args, parse: (line) => line })

/** A shell script: a small real program. */
const script = (text: string): Command<string> => program('sh', '-c', text)

const start = (command: Command<string>, options: Partial<RunOptions> = {}) => run(command, { environment, ...options })

interface Outcome {
  readonly lines: string[]
  readonly output: string
  readonly exit: Exit | undefined
}

/** Everything that a program does; `onLine` sees each line of its standard error at once. */
const collect = async (
  events: AsyncIterable<RunEvent<string>>,
  onLine: (line: string) => void = () => {},
): Promise<Outcome> => {
  const lines: string[] = []
  const output: Buffer[] = []
  let exit: Exit | undefined
  for await (const event of events) {
    expect(exit).toBeUndefined()
    if (event.type === 'events') {
      lines.push(...event.events)
      event.events.forEach(onLine)
    } else if (event.type === 'output') output.push(event.data)
    else exit = event
  }
  return { lines, output: Buffer.concat(output).toString('utf8'), exit }
}

describe('run', () => {
  test('yields lines of standard error, standard output as it is, and the exit status last', async () => {
    expect(await collect(start(script('echo one >&2; echo out; echo two >&2; printf three >&2; exit 7')))).toEqual({
      lines: ['one', 'two', 'three'],
      output: 'out\n',
      exit: { type: 'exit', exitCode: 7, signal: null, startFailure: null, leftRunning: [] },
    })
  })

  test('says which signal ended the program', async () => {
    expect((await collect(start(script('kill -TERM $$')))).exit).toEqual({
      type: 'exit',
      exitCode: null,
      signal: 'SIGTERM',
      startFailure: null,
      leftRunning: [],
    })
  })

  test('says that a program is missing, and that one cannot be started', async () => {
    expect((await collect(start(program('no-such-program')))).exit).toEqual({
      type: 'exit',
      exitCode: null,
      signal: null,
      startFailure: 'missing',
      leftRunning: [],
    })
    const file = join(temporaryFolder(), 'text')
    writeFileSync(file, 'no program')
    expect((await collect(start(program(file)))).exit).toMatchObject({ exitCode: null, startFailure: 'refused' })
  })

  test('gives the program nothing of the environment but what it is told to', async () => {
    const command = { ...program('env'), environment: { GREETING: 'hello' } }
    const { output } = await collect(start(command))
    expect(output.split('\n').sort()).toEqual(['', 'GREETING=hello', `PATH=${environment.PATH}`].sort())
  })

  test('starts the program in its working folder', async () => {
    const workingFolder = temporaryFolder()
    expect((await collect(start({ ...program('pwd'), workingFolder }))).output).toBe(`${workingFolder}\n`)
  })

  test('hands secrets over by file descriptor and by standard input, never as an argument or a variable', async () => {
    const command: Command<string> = {
      ...script('cat <&"$ONE_FD"; echo; cat <&"$TWO_FD"; echo; cat; echo; env; tr "\\0" "\\n" < /proc/$$/cmdline'),
      secrets: { ONE_FD: new Secret('first canary'), TWO_FD: new Secret('second canary') },
      input: new Secret('third canary'),
    }
    const [one, two, three, ...rest] = (await collect(start(command))).output.split('\n')
    expect([one, two, three]).toEqual(['first canary', 'second canary', 'third canary'])
    expect(rest).toContain('ONE_FD=3')
    expect(rest).toContain('TWO_FD=4')
    expect(rest.join('\n')).not.toContain('canary')
  })

  test('gives an empty standard input where there is none to give', async () => {
    expect(await collect(start(script('cat; echo over')))).toMatchObject({ output: 'over\n', exit: { exitCode: 0 } })
  })

  test('sends SIGINT to the program and all that it started, and lets it finish, when the signal aborts', async () => {
    const controller = new AbortController()
    const pids: number[] = []
    const command = script('trap "echo leaving >&2; exit 2" INT; echo $$ >&2; sh -c "echo \\$\\$ >&2; exec sleep 1000"')
    const { lines, exit } = await collect(start(command, { signal: controller.signal }), (line) => {
      if (/^\d+$/.test(line)) pids.push(Number(line))
      if (pids.length === 2) controller.abort()
    })
    expect(lines.at(-1)).toBe('leaving')
    expect(exit).toMatchObject({ exitCode: 2, signal: null })
    expect(pids.filter(isRunning)).toEqual([])
  })

  test('sends SIGTERM where one SIGINT was not enough', async () => {
    const controller = new AbortController()
    const command = script('trap "" INT; echo ready >&2; exec sleep 1000')
    const { exit } = await collect(start(command, { signal: controller.signal, killAfter: 2000 }), () =>
      controller.abort(),
    )
    expect(exit).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
  })

  test('kills the whole group when nothing else has ended it in time', async () => {
    const controller = new AbortController()
    const pids: number[] = []
    const command = script('trap "" INT TERM; sleep 1000 & echo $! >&2; echo $$ >&2; wait; sleep 1000')
    const { exit } = await collect(start(command, { signal: controller.signal, killAfter: 100 }), (line) => {
      pids.push(Number(line))
      if (pids.length === 2) controller.abort()
    })
    expect(exit).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
    await poll('the whole group is gone', () => !pids.some(isRunning))
  })

  describe('of a program that cannot be ended', () => {
    /** Runs a script that prints the number of a process, and ends it when that process hangs. */
    const endHanging = async ({ opened }: HangingFolder, text: string) => {
      const controller = new AbortController()
      void opened.then(() => controller.abort())
      const { lines, exit } = await collect(start(script(text), { signal: controller.signal, killAfter: 200 }))
      return { pid: Number(lines[0]), exit }
    }

    const expectToEnd = async (hanging: HangingFolder, pid: number) => {
      expect(isRunning(pid)).toBe(true)
      hanging.answer()
      await poll('it has ended', () => !isRunning(pid))
    }

    test('does not wait, and says which process it is', async () => {
      const hanging = await hangingFolder()
      const { pid, exit } = await endHanging(hanging, `echo $$ >&2; exec ls ${hanging.path}`)
      expect(exit).toEqual({ type: 'exit', exitCode: null, signal: null, startFailure: null, leftRunning: [pid] })
      await expectToEnd(hanging, pid)
    })

    test('says so also where it is one that the program has started', async () => {
      const hanging = await hangingFolder()
      const { pid, exit } = await endHanging(hanging, `ls ${hanging.path} & echo $! >&2; wait`)
      expect(exit).toMatchObject({ signal: expect.stringMatching(/^SIG/), leftRunning: [pid] })
      await expectToEnd(hanging, pid)
    })

    test('lets go of it where the reader leaves', async () => {
      const hanging = await hangingFolder()
      let pid = 0
      for await (const event of start(script(`echo $$ >&2; exec ls ${hanging.path}`), { killAfter: 200 })) {
        if (event.type === 'events') pid = Number(event.events[0])
        await hanging.opened
        break
      }
      await expectToEnd(hanging, pid)
    })
  })

  test('ends a program at once whose signal had aborted before', async () => {
    const { exit } = await collect(start(program('sleep', '1000'), { signal: AbortSignal.abort() }))
    expect(exit).toMatchObject({ signal: 'SIGINT' })
  })

  test('leaves nothing behind that the program had started and forgotten', async () => {
    const { lines } = await collect(start(script('sleep 1000 > /dev/null 2>&1 & echo $! >&2')))
    await poll('the forgotten program is gone', () => !isRunning(Number(lines[0])))
  })

  /** The numbers of processes that a test has freed of their group, which only it can end. */
  const endAfter = (pid: number) =>
    cleanUpAfter(() => {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    })

  test('is not held up by what a program leaves behind, and kills it where it is still in its group', async () => {
    const { lines, output, exit } = await collect(start(script('sleep 1000 & echo $! >&2; echo out; exit 4')))
    expect({ output, exit }).toMatchObject({ output: 'out\n', exit: { exitCode: 4 } })
    expect(isRunning(Number(lines[0]))).toBe(false)
  })

  test.each(['exec sleep 1000', 'while :; do echo $$ >&2; done', 'exec yes'])(
    'leaves what has left the group of its program alone, and does not listen to it (%s)',
    async (daemon) => {
      let pid: number | undefined
      let exit: object | undefined
      // Nothing is collected: it may be gigabytes.
      for await (const event of start(script(`setsid sh -c 'echo $$ >&2; ${daemon}' & sleep 0.5; exit 4`))) {
        if (event.type === 'events') pid ??= Number(event.events[0])
        else if (event.type === 'exit') exit = event
      }
      expect(exit).toMatchObject({ exitCode: 4 })
      if (pid === undefined) throw new Error('the program did not say its number')
      endAfter(pid)
      // One that writes is ended by its closed pipe.
      if (daemon === 'exec sleep 1000') expect(isRunning(pid)).toBe(true)
    },
  )

  test('loses nothing of a program that ended before its reader had read much', async () => {
    const command = script(
      'i=0; while [ $i -lt 3000 ]; do echo "line $i" >&2; i=$((i+1)); done; setsid sleep 1000 & echo $! >&2',
    )
    const lines: string[] = []
    for await (const event of start(command)) {
      if (event.type !== 'events') continue
      lines.push(...event.events)
      if (lines.length < 3000) await delay(event.events.length)
    }
    endAfter(Number(lines.at(-1)))
    expect(lines.slice(0, -1)).toEqual(Array.from({ length: 3000 }, (_, number) => `line ${number}`))
  })

  test('gives secrets by environment where it must, and nowhere else', async () => {
    const command: Command<string> = {
      ...script('echo "$TOKEN"; tr "\\0" "\\n" < /proc/$$/cmdline'),
      secretEnvironment: { TOKEN: new Secret('canary') },
    }
    const [token, ...rest] = (await collect(start(command))).output.split('\n')
    expect(token).toBe('canary')
    expect(rest.join('\n')).not.toContain('canary')
  })

  test('slows a program down whose reader is slow', async () => {
    const pidFile = join(temporaryFolder(), 'pid')
    const events = start(script(`echo $$ > ${pidFile}; exec dd if=/dev/zero bs=64k count=2000 status=none`))
    const first = await events.next()
    const pid = readFileSync(pidFile, 'utf8').trim()
    const written = () => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])
    let before = -1
    await poll('the program waits for its reader', () => {
      const hasStopped = written() === before
      before = written()
      return hasStopped && before > 0
    })
    expect(before).toBeLessThan(8 * 1024 * 1024)

    const { output, exit } = await collect(events)
    const firstLength = first.value?.type === 'output' ? first.value.data.length : 0
    expect(firstLength + output.length).toBe(2000 * 64 * 1024)
    expect(exit).toMatchObject({ exitCode: 0 })
  })

  test('yields all that a program wrote before it ended, however slow the reader', async () => {
    const command = script('i=0; while [ $i -lt 20000 ]; do echo "line $i" >&2; i=$((i+1)); done')
    let count = 0
    for await (const event of start(command)) {
      if (event.type === 'events') count += event.events.length
      await new Promise(setImmediate)
    }
    expect(count).toBe(20_000)
  })

  test.each(['', 'yes >&2 & exec yes'])(
    'ends the program when its reader throws, also while it writes (%j)',
    async (writing) => {
      let pid = 0
      const read = async () => {
        const command = script(`echo $$ >&2; ${writing || 'exec sleep 1000'}`)
        for await (const event of start(command, { killAfter: 500 })) {
          if (event.type !== 'events') continue
          pid = Number(event.events[0])
          throw new Error('the reader failed')
        }
      }
      await expect(read()).rejects.toThrow('the reader failed')
      expect(pid).toBeGreaterThan(0)
      expect(isRunning(pid)).toBe(false)
    },
  )

  test('ends the program and says so when it writes a line without end', async () => {
    let pid = 0
    const read = async () => {
      for await (const event of start(script('echo $$ >&2; exec tr "\\0" x < /dev/zero >&2'))) {
        if (event.type === 'events') pid = Number(event.events[0])
      }
    }
    await expect(read()).rejects.toThrow(LineTooLong)
    expect(isRunning(pid)).toBe(false)
  })
})
