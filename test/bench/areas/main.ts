import type { Measurement } from '../areas.ts'
import { backup } from './main/backup.ts'
import { millionLines } from './main/million-lines.ts'
import { start } from './main/start.ts'
import { unchanged } from './main/unchanged.ts'

/** The main job, end to end: a backup that is watched while it runs. */
export const main: readonly Measurement[] = [start, millionLines, backup, unchanged]
