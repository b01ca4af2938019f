import { compression } from './compression.tsx'
import { hooks } from './hooks.tsx'
import { name } from './name.tsx'
import { options } from './options.tsx'
import { patterns } from './patterns.tsx'
import { running } from './running.tsx'
import type { EditorSection } from './section.ts'
import { sources } from './sources.tsx'

/** The sections of the editor, from top to bottom. */
export const sections: readonly EditorSection[] = [sources, patterns, compression, name, options, running, hooks]
