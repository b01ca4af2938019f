import { compression } from './compression.ts'
import { hooks } from './hooks.ts'
import { name } from './name.ts'
import { options } from './options.ts'
import { patterns } from './patterns.ts'
import { running } from './running.ts'
import { sources } from './sources.ts'

/** What a backup is asked to do, in the order in which it is checked: what starts borg comes last. */
export const settingsSections = [sources, compression, options, name, patterns] as const

/** How a plan is run, in the order in which the tasks of its jobs are. */
export const planSections = [hooks, running] as const
