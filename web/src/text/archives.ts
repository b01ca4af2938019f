import { sayCount } from './counts.ts'

/** What there is of archives where no whole one is. */
export interface WithoutWholeArchive {
  readonly latestIncompleteArchive: unknown
  readonly vanishedArchiveCount: number
}

/** What stands in the place of the last whole archive where there is none: what there is, in a few words. */
export const sayNoArchive = ({ latestIncompleteArchive, vanishedArchiveCount }: WithoutWholeArchive): string => {
  if (latestIncompleteArchive) return 'None is whole'
  return vanishedArchiveCount > 0 ? 'None any more' : 'None yet'
}

/** `3 archives have vanished`. */
export const sayVanished = (count: number): string => sayCount(count, 'archive has vanished', 'archives have vanished')

/** What it means that so many have vanished. */
export const explainVanished = (count: number): string => {
  const [were, are, them] = count === 1 ? ['It was', 'is', 'it'] : ['They were', 'are', 'them']
  return `${were} in this repository, and ${are} not listed in it any more. Borgitory has not removed ${them}: another program did, or another or an older repository was put in its place.`
}
