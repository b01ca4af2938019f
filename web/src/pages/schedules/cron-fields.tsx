import { createMemo, createSignal, For, Match, Switch } from 'solid-js'
import { Select, TextField } from '../../parts/field.tsx'
import { type CronChoice, changeKind, readCron, writeCron } from './cron-choice.ts'
import { WeekdayBoxes } from './weekday-boxes.tsx'

const kinds: { kind: CronChoice['kind'] | 'other'; word: string }[] = [
  { kind: 'hourly', word: 'Every hour' },
  { kind: 'daily', word: 'Every day' },
  { kind: 'weekly', word: 'Every week, on chosen days' },
  { kind: 'monthly', word: 'Every month, on one day' },
  { kind: 'other', word: 'At other times, as cron text' },
]

const TimeField = (props: { value: string; onChange: (time: string) => void }) => (
  <TextField
    label="At"
    type="time"
    required
    class="max-w-40"
    value={props.value}
    onInput={(event) => event.currentTarget.value && props.onChange(event.currentTarget.value)}
  />
)

/** A cron text: put together from simple choices, or typed. Each follows the other. */
export const CronFields = (props: { cron: string; onChange: (cron: string) => void; problem?: string }) => {
  const [isTyped, setTyped] = createSignal(readCron(props.cron) === undefined)
  const choice = createMemo(() => (isTyped() ? undefined : readCron(props.cron)))
  const chosen = <Kind extends CronChoice['kind']>(kind: Kind) => {
    const found = choice()
    return found?.kind === kind ? (found as Extract<CronChoice, { kind: Kind }>) : undefined
  }
  const choose = (next: CronChoice) => props.onChange(writeCron(next))
  const change = (kind: CronChoice['kind'] | 'other') => {
    setTyped(kind === 'other')
    if (kind !== 'other') choose(changeKind(readCron(props.cron), kind))
  }
  return (
    <div class="grid gap-4">
      <div class="grid items-start gap-3 sm:grid-cols-2">
        <Select
          label="How often"
          onChange={(event) => change(event.currentTarget.value as CronChoice['kind'] | 'other')}
        >
          <For each={kinds}>
            {({ kind, word }) => (
              <option value={kind} selected={kind === (choice()?.kind ?? 'other')}>
                {word}
              </option>
            )}
          </For>
        </Select>
        <Switch>
          <Match when={chosen('hourly')}>
            {(hourly) => (
              <TextField
                label="Minutes after the hour"
                type="number"
                min="0"
                max="59"
                required
                class="max-w-40"
                value={hourly().minute}
                onInput={(event) => {
                  const minute = event.currentTarget.valueAsNumber
                  if (minute >= 0 && minute <= 59) choose({ kind: 'hourly', minute: Math.trunc(minute) })
                }}
              />
            )}
          </Match>
          <Match when={chosen('daily')}>
            {(daily) => <TimeField value={daily().time} onChange={(time) => choose({ kind: 'daily', time })} />}
          </Match>
          <Match when={chosen('weekly')}>
            {(weekly) => <TimeField value={weekly().time} onChange={(time) => choose({ ...weekly(), time })} />}
          </Match>
          <Match when={chosen('monthly')}>
            {(monthly) => <TimeField value={monthly().time} onChange={(time) => choose({ ...monthly(), time })} />}
          </Match>
        </Switch>
      </div>
      <Switch>
        <Match when={chosen('weekly')}>
          {(weekly) => (
            <WeekdayBoxes legend="On" value={weekly().days} onChange={(days) => choose({ ...weekly(), days })} />
          )}
        </Match>
        <Match when={chosen('monthly')}>
          {(monthly) => (
            <TextField
              label="Day of the month"
              type="number"
              min="1"
              max="31"
              required
              class="max-w-40"
              value={monthly().day}
              hint={monthly().day > 28 ? 'Months that do not have this day are left out.' : undefined}
              onInput={(event) => {
                const day = event.currentTarget.valueAsNumber
                if (day >= 1 && day <= 31) choose({ ...monthly(), day: Math.trunc(day) })
              }}
            />
          )}
        </Match>
      </Switch>
      <TextField
        label="Cron text"
        isMono
        required
        value={props.cron}
        onInput={(event) => {
          const text = event.currentTarget.value
          setTyped(readCron(text) === undefined)
          props.onChange(text)
        }}
        hint="Minute, hour, day of the month, month, day of the week; or a name such as @daily."
        problem={props.problem}
      />
    </div>
  )
}
