import { CompressionFields } from '../../../parts/compression-fields.tsx'
import { isEncrypted } from '../../../text/words.ts'
import type { EditorSection } from './section.ts'

/** How its archives are compressed. */
export const compression: EditorSection = {
  title: 'Compression',
  Fields: (props) => (
    <CompressionFields
      value={props.draft.compression}
      onChange={(compression) => props.setDraft('compression', compression)}
      isEncrypted={isEncrypted(props.repository?.encryption ?? null)}
      levelProblem={props.problem('compression', 'level')}
      obfuscationProblem={props.problem('compression', 'obfuscation')}
    />
  ),
}
