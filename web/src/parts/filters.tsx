import { For, type JSX } from 'solid-js'
import { Select } from './field.tsx'

/** Where a list is searched and filtered: the same place and the same columns above every list. */
export const FilterBar = (props: { children: JSX.Element }) => (
  <div class="grid grid-cols-2 items-end gap-3 sm:grid-cols-4">{props.children}</div>
)

/** A filter that lets through one of some values, or any. */
export const Choice = (props: {
  label: string
  value: string | undefined
  choices: readonly { readonly value: string; readonly word: string }[]
  onChoose: (value: string | undefined) => void
}) => (
  <Select
    label={props.label}
    value={props.value ?? ''}
    onChange={(event) => props.onChoose(event.currentTarget.value || undefined)}
  >
    <option value="">Any</option>
    <For each={props.choices}>
      {({ value, word }) => (
        <option value={value} selected={value === props.value}>
          {word}
        </option>
      )}
    </For>
  </Select>
)
