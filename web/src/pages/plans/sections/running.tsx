import { For, Show } from 'solid-js'
import type { JobPriority } from '../../../api/gql/graphql.ts'
import { DurationField } from '../../../parts/duration-field.tsx'
import { Select, TextField } from '../../../parts/field.tsx'
import { OptionFields } from '../../../parts/option-fields.tsx'
import { priorities } from '../../../text/words.ts'
import type { EditorSection } from './section.ts'

/** How its backups are run. */
export const running: EditorSection = {
  title: 'Running',
  Fields: (props) => (
    <div class="grid items-start gap-4 sm:grid-cols-2">
      <Select
        label="Priority"
        onChange={(event) => props.setDraft('priority', event.currentTarget.value as JobPriority)}
        hint="Who goes first when several jobs wait."
        problem={props.problem('priority')}
      >
        <For each={Object.entries(priorities)}>
          {([priority, word]) => (
            <option value={priority} selected={priority === props.draft.priority}>
              {word}
            </option>
          )}
        </For>
      </Select>
      <DurationField
        label="Time limit"
        value={props.draft.timeLimit}
        onChange={(timeLimit) => props.setDraft('timeLimit', timeLimit)}
        placeholder="none"
        hint="A try is stopped after this long. Empty: no limit."
        problem={props.problem('timeLimit')}
      />
      <TextField
        label="Tries after a failure"
        type="number"
        min="0"
        max="10"
        required
        value={props.draft.retries}
        onInput={(event) => props.setDraft('retries', event.currentTarget.valueAsNumber)}
        hint="0: a backup that failed is not tried again."
        problem={props.problem('retries')}
      />
      <Show when={props.draft.retries > 0}>
        <DurationField
          label="Pause before the first try"
          value={props.draft.retryDelay}
          onChange={(retryDelay) => props.setDraft('retryDelay', retryDelay)}
          isRequired
          hint="Each further pause is twice as long."
          problem={props.problem('retryDelay')}
        />
      </Show>
      <OptionFields
        place="running"
        value={props.draft.options}
        onChange={(change) => props.setDraft('options', change)}
        problem={props.problem}
      />
    </div>
  ),
}
