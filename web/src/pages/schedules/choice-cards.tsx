import { For } from 'solid-js'

/** One of a few values, each with a line that explains it. */
export const ChoiceCards = <Value extends string>(props: {
  legend: string
  name: string
  choices: Record<Value, { word: string; explanation: string }>
  value: Value
  onChange: (value: Value) => void
}) => (
  <fieldset class="grid gap-2">
    <legend class="mb-1 font-medium">{props.legend}</legend>
    <For each={Object.keys(props.choices) as Value[]}>
      {(value) => (
        <label class="flex items-start gap-3 rounded-card border border-line bg-surface px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft">
          <input
            type="radio"
            name={props.name}
            class="mt-1 size-4 shrink-0 accent-accent"
            value={value}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
            aria-describedby={`about-${props.name}-${value}`}
            aria-label={props.choices[value].word}
          />
          <span>
            <span class="block font-medium">{props.choices[value].word}</span>
            <span id={`about-${props.name}-${value}`} class="block text-[13px] text-muted">
              {props.choices[value].explanation}
            </span>
          </span>
        </label>
      )}
    </For>
  </fieldset>
)
