import { OptionFields } from '../../../parts/option-fields.tsx'
import type { EditorSection } from './section.ts'

/** What is backed up. */
export const sources: EditorSection = {
  title: 'Folders',
  Fields: (props) => (
    <>
      <props.sources.Fields problem={props.problem('sources') ?? props.problemOf('LocationUnusable')} />
      <OptionFields
        place="folders"
        value={props.draft.options}
        onChange={(change) => props.setDraft('options', change)}
        problem={props.problem}
      />
    </>
  ),
}
