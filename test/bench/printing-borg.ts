import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('programs/print-lines.ts', import.meta.url))

export interface PrintingBorg {
  /** Where this borg is the first one. */
  readonly path: string
  /** Has `borg create`, which prints a first line and then waits, print the rest. */
  go(): void
}

/**
 * Puts a borg into a folder whose `borg create` backs nothing up but prints `lineCount` lines: so many in a second, or
 * as fast as it can. Everything else is done by the real one.
 */
export const printingBorg = (
  folder: string,
  { lineCount, linesPerSecond }: { lineCount: number; linesPerSecond: number | null },
): PrintingBorg => {
  const programs = join(folder, 'programs')
  const goFile = join(folder, 'go')
  const realPath = process.env.PATH ?? ''
  mkdirSync(programs)
  const print = [process.execPath, program, goFile, lineCount, linesPerSecond ?? 0].map((word) => `'${word}'`).join(' ')
  const script = `#!/bin/sh\n[ "$1" = create ] && exec ${print} "$@"\nPATH='${realPath}' exec borg "$@"\n`
  writeFileSync(join(programs, 'borg'), script)
  chmodSync(join(programs, 'borg'), 0o755)
  return { path: `${programs}${delimiter}${realPath}`, go: () => writeFileSync(goFile, '') }
}
