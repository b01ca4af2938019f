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
