import { createSignal, For } from 'solid-js'
import { type DurationUnit, durationUnits, splitDuration } from '../text/durations.ts'
import { createField, type FieldProps, Frame } from './field.tsx'

const units = Object.keys(durationUnits) as DurationUnit[]

/** A length of time in seconds, written in a unit that suits it; null where the field is empty. */
export const DurationField = (
  props: FieldProps & {
    value: number | null
    onChange: (seconds: number | null) => void
    placeholder?: string
    isRequired?: boolean
  },
) => {
  const field = createField(props)
  const start = splitDuration(props.value ?? 60)
  const [amount, setAmount] = createSignal(props.value === null ? '' : String(start.amount))
  const [unit, setUnit] = createSignal<DurationUnit>(start.unit)
  const change = () => props.onChange(amount() === '' ? null : Math.round(Number(amount()) * durationUnits[unit()]))
  return (
    <Frame of={field} label={props.label} hint={props.hint}>
      <div class="flex gap-2">
        <input
          {...field.attributes()}
          type="number"
          min="0"
          step="any"
          autocomplete="off"
          class="control tabular-nums"
          placeholder={props.placeholder}
          required={props.isRequired}
          value={amount()}
          onInput={(event) => {
            setAmount(event.currentTarget.value)
            change()
          }}
        />
        <select
          class="control"
          aria-label={`${props.label}: unit`}
          onChange={(event) => {
            setUnit(event.currentTarget.value as DurationUnit)
            change()
          }}
        >
          <For each={units}>
            {(word) => (
              <option value={word} selected={word === unit()}>
                {word}
              </option>
            )}
          </For>
        </select>
      </div>
    </Frame>
  )
}
