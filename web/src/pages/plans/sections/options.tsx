import { Disclosure } from '../../../parts/disclosure.tsx'
import { OptionFields } from '../../../parts/option-fields.tsx'
import { optionKeys, sayOption, options as words } from '../../../text/options.ts'
import type { EditorSection } from './section.ts'

const keys = optionKeys.filter((key) => words[key].place === 'more')

/** What few plans need to say of how files are read, and what of them is stored. */
export const options: EditorSection = {
  title: 'More options',
  Fields: (props) => {
    const isMore = keys.some((key) => sayOption(key, props.draft.options) !== null)
    return (
      <Disclosure title="How files are read, and what of them is stored" isOpen={isMore}>
        <div class="grid gap-4">
          <OptionFields
            place="more"
            value={props.draft.options}
            onChange={(change) => props.setDraft('options', change)}
            problem={props.problem}
          />
        </div>
      </Disclosure>
    )
  },
}
