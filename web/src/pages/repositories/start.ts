import type { BackupSettingsPartsFragment, CompressionInput } from '../../api/gql/graphql.ts'
import { fitCompression } from '../../text/compression.ts'
import { type Options, optionsOf, usualOptions } from '../../text/options.ts'

/** What a backup without a plan begins with in the form. */
export interface Start {
  readonly sources: readonly string[]
  readonly compression: CompressionInput
  readonly options: Options
}

const nothing: Start = {
  sources: [],
  compression: fitCompression({ algorithm: 'ZSTD', isAuto: true }),
  options: usualOptions(),
}

/**
 * What the last backup without a plan was asked for. Nothing of one that had rules, which the form does not show: without
 * them its folders would be another backup.
 */
export const startOf = (last: BackupSettingsPartsFragment | null | undefined): Start => {
  if (!last || last.patterns.length > 0) return nothing
  return { sources: [...last.sources], compression: fitCompression(last.compression), options: optionsOf(last) }
}
