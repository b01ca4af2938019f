import { For, Match, Switch } from 'solid-js'
import { type OptionKey, type OptionPlace, type Options, optionKeys, options } from '../text/options.ts'
import { Checkbox } from './checkbox.tsx'
import { DurationField } from './duration-field.tsx'
import { Select, TextArea, TextField } from './field.tsx'

interface FieldsProps {
  value: Options
  onChange: (change: Partial<Options>) => void
  /** What the server said about an option. */
  problem: (key: OptionKey) => string | undefined
}

const OptionField = (props: FieldsProps & { key: OptionKey }) => {
  const option = options[props.key]
  const value = () => props.value[props.key]
  const change = (wanted: unknown) => props.onChange({ [props.key]: wanted })
  const shared = () => ({ label: option.label, hint: option.hint, problem: props.problem(props.key) })
  return (
    <Switch>
      <Match when={option.kind === 'flag'}>
        <Checkbox label={option.label} hint={option.hint} isChecked={Boolean(value())} onChange={change} />
      </Match>
      <Match when={option.kind === 'duration' && option}>
        {(found) => (
          <DurationField
            {...shared()}
            value={value() as number | null}
            onChange={change}
            placeholder={found().placeholder}
          />
        )}
      </Match>
      <Match when={option.kind === 'names'}>
        <TextArea
          {...shared()}
          rows={2}
          value={(value() as readonly string[]).join('\n')}
          onInput={({ currentTarget }) => change(currentTarget.value.split('\n').filter((name) => name.trim() !== ''))}
        />
      </Match>
      <Match when={option.kind === 'choice' && option}>
        {(found) => (
          <Select {...shared()} onChange={({ currentTarget }) => change(currentTarget.value || null)}>
            <option value="" selected={value() === null}>
              {found().usual}
            </option>
            <For each={Object.entries(found().words)}>
              {([choice, word]) => (
                <option value={choice} selected={choice === value()}>
                  {word}
                </option>
              )}
            </For>
          </Select>
        )}
      </Match>
      <Match when={option.kind === 'number' && option}>
        {(found) => (
          <TextField
            {...shared()}
            label={found().unit === undefined ? option.label : `${option.label} (${found().unit})`}
            type="number"
            min={found().least}
            placeholder={found().placeholder}
            value={(value() as number | null) ?? ''}
            onInput={({ currentTarget }) => change(currentTarget.value === '' ? null : currentTarget.valueAsNumber)}
          />
        )}
      </Match>
    </Switch>
  )
}

/** The fields of the options of a place; of all where none is named. */
export const OptionFields = (props: FieldsProps & { place?: OptionPlace }) => (
  <For each={optionKeys.filter((key) => props.place === undefined || options[key].place === props.place)}>
    {(key) => <OptionField {...props} key={key} />}
  </For>
)
