import type { RepositoryDoubt } from '../api/gql/graphql.ts'

interface DoubtWords {
  /** What the button says. */
  readonly word: string
  /** What a person must have done to confirm it: a sentence that goes on from “only if”. */
  readonly onlyIf: string
  /** What becomes of the records here. */
  readonly consequences: readonly string[]
}

const kept = 'Plans, schedules and jobs stay. Nothing in the repository is deleted.'

/** What it means to confirm that what is at a repository’s place is to be taken for it. */
export const doubts: Record<RepositoryDoubt, DoubtWords> = {
  REPLACED: {
    word: 'Use this other repository',
    onlyIf: 'you have put another repository there yourself',
    consequences: [
      'From now on backups go into the repository that is there now.',
      'The archives that were known before are shown as vanished until you remove them from the list.',
      kept,
    ],
  },
  MOVED: {
    word: 'I have moved it',
    onlyIf: 'you have moved the repository to this path yourself',
    consequences: ['Borg takes this path for its place from now on.', kept],
  },
  ROLLED_BACK: {
    word: 'I have put an older copy back',
    onlyIf: 'you have put an older copy of the repository back yourself',
    consequences: [
      'Archives that were made since that copy are shown as vanished until you remove them from the list.',
      'Borg forgets what it knew of the later state. Its cache is built anew, so that the next backup takes longer.',
      'No number is used for encryption that may have been used since that copy.',
      kept,
    ],
  },
  UNKNOWN: {
    word: 'It is my repository',
    onlyIf: 'it is the unencrypted repository that you know, and what borg knew of it was lost',
    consequences: ['Borg gets to know it anew.', kept],
  },
}
