import { rmSync } from 'node:fs'
import { delimiter } from 'node:path'
import { findProgram, writeProgram } from './programs.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A `PATH` with a borg on it that is the real one, but for the subcommands that a test says. */
export const switchableBorg = () => {
  const folder = temporaryFolder()
  const script = `[ -x ${folder}/instead-of-"$1" ] && exec ${folder}/instead-of-"$1" "$@"\nexec ${findProgram('borg')} "$@"`
  writeProgram(folder, 'borg', script)
  return {
    path: `${folder}${delimiter}${process.env.PATH ?? ''}`,
    /** Has a shell script run in place of a subcommand; the real one again where none is given. */
    replace: (subcommand: string, instead?: string) => {
      if (instead === undefined) rmSync(`${folder}/instead-of-${subcommand}`, { force: true })
      else writeProgram(folder, `instead-of-${subcommand}`, instead)
    },
  }
}
