import { readdirSync, readFileSync } from 'node:fs'

const read = (pid: number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a process is there and has not ended: one that nobody has waited for yet has. */
export const isRunning = (pid: number): boolean => /^State:\s+[^ZX]/m.test(read(pid, 'status'))

export interface ProcessSeen {
  readonly pid: number
  /** The program and its arguments, separated by spaces. */
  readonly commandLine: string
  readonly environment: string
}

/** Looks again where a process has become another program between two looks, as each does that was just started. */
const look = (pid: number): ProcessSeen => {
  const commandLine = read(pid, 'cmdline')
  const environment = read(pid, 'environ')
  if (read(pid, 'cmdline') !== commandLine) return look(pid)
  return { pid, commandLine: commandLine.replaceAll('\0', ' '), environment: environment.replaceAll('\0', '\n') }
}

/** All processes whose environment or command line contains `text`; without `text`, all that can be seen. */
export const processesWith = (text: string): ProcessSeen[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .map(look)
    .filter(({ commandLine, environment }) => commandLine.includes(text) || environment.includes(text))
