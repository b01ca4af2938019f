import { readFileSync, writeFileSync } from 'node:fs'

/** Ticks of the kernel's clock in a second, as Linux counts processor time for programs. */
const ticksPerSecond = 100

/** Processor time in seconds: of a process itself, and of the children that it has waited for. */
export const processorTime = (pid: number): { own: number; children: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field, the name, may contain anything, also spaces and parentheses (man page proc_pid_stat).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15)
  return { own: (user + system) / ticksPerSecond, children: (childrenUser + childrenSystem) / ticksPerSecond }
}

const memory = (pid: number, name: 'VmRSS' | 'VmHWM') => {
  const [, kibibytes] =
    new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kibibytes) * 1024) / 1e6
}

/** Memory in MB (10^6 bytes) that a process has in RAM now. */
export const residentMemory = (pid: number): number => memory(pid, 'VmRSS')

/** Memory in MB (10^6 bytes) that a process had in RAM at most, since `forgetPeak`. */
export const peakMemory = (pid: number): number => memory(pid, 'VmHWM')

export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** The processes that a process has started and that are still there, and theirs, parents first. */
export const descendants = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((child) => [Number(child), ...descendants(Number(child))])
