import type { CompressionAlgorithm, CompressionInput } from '../api/gql/graphql.ts'
import { compressions } from './words.ts'

/** A compression as borg writes it: `zstd,3`, `obfuscate,110,auto,lzma,6`. */
export const sayCompression = ({
  algorithm,
  level,
  isAuto,
  obfuscation,
}: {
  algorithm: CompressionAlgorithm
  level?: number | null
  isAuto?: boolean
  obfuscation?: number | null
}) =>
  [obfuscation ? `obfuscate,${obfuscation}` : '', isAuto ? 'auto' : '', algorithm.toLowerCase(), level ?? '']
    .filter((part) => part !== '')
    .join(',')

/** What borg may be asked for: no level where the algorithm has none, no `auto` where nothing is compressed. */
export const fitCompression = (wanted: CompressionInput): CompressionInput => {
  const { levels } = compressions[wanted.algorithm]
  // A field that was emptied holds no number.
  const asked = Number.isFinite(wanted.level) ? wanted.level : null
  const level = levels ? Math.min(levels.highest, Math.max(levels.lowest, asked ?? levels.usual)) : null
  const obfuscation = wanted.obfuscation ?? null
  return {
    algorithm: wanted.algorithm,
    level,
    isAuto: wanted.algorithm !== 'NONE' && Boolean(wanted.isAuto),
    obfuscation,
  }
}
