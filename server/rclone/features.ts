import type { Command } from '../process/command.ts'

/** `rclone version`, which prints to standard output. */
export const version: Command<string> = { program: 'rclone', args: ['version', '--config', ''], parse: (line) => line }

/** The version in what `rclone version` prints, such as `1.60.1-DEV`; null where there is none. */
export const parseVersion = (output: string): string | null => /^rclone v(\S+)/m.exec(output)?.[1] ?? null
