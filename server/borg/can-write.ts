import type { Command } from '../process/command.ts'

const reading = new Set(['list', 'info', 'diff', 'extract', 'export-tar', 'mount', 'umount'])

/** Whether a borg command can change anything in a repository: all can but those that are known to read only. */
export const canWrite = ({ args }: Pick<Command<unknown>, 'args'>): boolean => {
  const [subcommand = '', second] = args
  if (reading.has(subcommand) || (subcommand === 'key' && second === 'export')) return false
  const options = args.slice(0, args.indexOf('--') === -1 ? undefined : args.indexOf('--'))
  return !options.includes('--dry-run')
}
