import type { BackupSettingsPartsFragment, CompressionInput } from '../../api/gql/graphql.ts'
import { fitCompression } from '../../text/compression.ts'

/** What a backup without a plan begins with in the form. */
export interface Start {
  readonly sources: readonly string[]
  readonly compression: CompressionInput
}

const nothing: Start = { sources: [], compression: fitCompression({ algorithm: 'ZSTD', isAuto: true }) }

/**
 * What the last backup without a plan was asked for. Nothing of one that was asked for more than the form shows, such as
 * rules: without them its folders would be another backup.
 */
export const startOf = (last: BackupSettingsPartsFragment | null | undefined): Start => {
  if (!last) return nothing
  const { patterns, excludeCaches, oneFileSystem, numericIds, checkpointInterval, uploadLimit } = last
  const isMore = patterns.length > 0 || excludeCaches || oneFileSystem || numericIds
  if (isMore || checkpointInterval !== null || uploadLimit !== null) return nothing
  return { sources: [...last.sources], compression: fitCompression(last.compression) }
}
