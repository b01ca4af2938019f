import type { Component } from 'solid-js'
import type { SetStoreFunction } from 'solid-js/store'
import type { EncryptionMode } from '../../../api/gql/graphql.ts'
import type { createSources } from '../../../parts/sources.tsx'
import type { Draft } from '../draft.ts'

/** What the editor of a plan gives each of its sections. */
export interface SectionProps {
  draft: Draft
  setDraft: SetStoreFunction<Draft>
  /** The folders, which are no part of the draft. */
  sources: ReturnType<typeof createSources>
  /** The repository that is chosen. */
  repository: { encryption: EncryptionMode | null } | undefined
  /** What the server said about the field at this path, and about what is in it. */
  problem: (...path: string[]) => string | undefined
  /** What it said about that field alone. */
  ownProblem: (...path: string[]) => string | undefined
  /** Why the plan was refused as a whole, where that is a problem of this type. */
  problemOf: (type: string) => string | undefined
}

/** A section of the editor. */
export interface EditorSection {
  readonly title: string
  readonly Fields: Component<SectionProps>
}
