import { For } from 'solid-js'
import { weekdays } from './schedule-words.ts'

/** Days of the week, one at least; Sunday is 0. */
export const WeekdayBoxes = (props: {
  legend: string
  value: readonly number[]
  onChange: (days: number[]) => void
}) => (
  <fieldset>
    <legend class="mb-1 font-medium">{props.legend}</legend>
    <div class="flex flex-wrap gap-1.5">
      <For each={weekdays}>
        {(day) => (
          <label class="flex min-h-9 items-center gap-1.5 rounded-md border border-edge bg-surface px-2.5 has-checked:border-accent has-checked:bg-accent-soft">
            <input
              type="checkbox"
              class="size-4 accent-accent"
              aria-label={day.word}
              checked={props.value.includes(day.value)}
              onChange={(event) => {
                const others = props.value.filter((value) => value !== day.value)
                if (others.length === 0) event.currentTarget.checked = true
                else props.onChange(event.currentTarget.checked ? [...others, day.value] : others)
              }}
            />
            {day.short}
          </label>
        )}
      </For>
    </div>
  </fieldset>
)
