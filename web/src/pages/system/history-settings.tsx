import { createSignal, type JSX, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import {
  HistoryDocument,
  HistorySizeDocument,
  type HistoryStateFragment,
  JobsBeforeDocument,
  UpdateHistoryDocument,
} from '../../api/gql/graphql.ts'
import { createFollowedQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { Automation } from '../../parts/automation.tsx'
import { Checkbox } from '../../parts/checkbox.tsx'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { createDebounced } from '../../parts/debounced.ts'
import { Facts } from '../../parts/facts.tsx'
import { createField, FieldProblem } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { sayCount } from '../../text/counts.ts'
import { sayBytes } from '../../text/sizes.ts'
import { findRemoval, isStricter, type Limits } from './history-removal.ts'

const day = 86_400_000
const mebibyte = 2 ** 20

/** One limit that can be off: a box to tick, and the number behind it. */
const LimitField = (props: {
  label: string
  /** What holds while it is off. */
  without: string
  numberLabel: string
  unit: JSX.Element
  isOn: boolean
  onSwitch: (isOn: boolean) => void
  min: number
  max: number
  value: string
  onInput: (value: string) => void
  problem: string | undefined
}) => {
  const field = createField(props)
  return (
    <div class="grid gap-1.5">
      <Checkbox
        label={props.label}
        hint={props.isOn ? undefined : props.without}
        isChecked={props.isOn}
        onChange={props.onSwitch}
      />
      <Show when={props.isOn}>
        <div ref={field.watch} class="ml-6.5 flex items-center gap-2">
          <input
            type="number"
            class="control max-w-40 tabular-nums"
            aria-label={props.numberLabel}
            {...field.attributes()}
            required
            min={props.min}
            max={props.max}
            value={props.value}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
          {props.unit}
        </div>
        <FieldProblem of={field} class="ml-6.5" />
      </Show>
    </div>
  )
}

const LimitsForm = (props: { history: HistoryStateFragment }) => {
  const action = createAction(UpdateHistoryDocument)
  const start = { ...props.history }
  const [hasDays, setHasDays] = createSignal(start.days !== null)
  const [days, setDays] = createSignal(String(start.days ?? 365))
  const [hasJobs, setHasJobs] = createSignal(start.jobs !== null)
  const [jobs, setJobs] = createSignal(String(start.jobs ?? 100_000))
  const [hasBytes, setHasBytes] = createSignal(start.outputBytes !== null)
  const [mebibytes, setMebibytes] = createSignal(String(Math.round((start.outputBytes ?? 2 ** 30) / mebibyte)))
  const [isConfirming, setConfirming] = createSignal(false)
  const [isSaved, setSaved] = createSignal(false)

  const limits = (): Limits => ({
    days: hasDays() ? Number(days()) : null,
    jobs: hasJobs() ? Number(jobs()) : null,
    outputBytes: hasBytes() ? Number(mebibytes()) * mebibyte : null,
  })
  const cut = createDebounced(() => (hasDays() && Number(days()) >= 1 ? Number(days()) : undefined))
  const [older] = createQuery({
    query: JobsBeforeDocument,
    variables: () => ({ before: new Date(Date.now() - (cut() ?? 0) * day).toISOString() }),
    pause: () => cut() === undefined,
  })
  const removal = () =>
    isStricter(limits(), props.history)
      ? findRemoval(limits(), { ...props.history, olderJobs: older.data?.jobs.totalCount ?? 0 })
      : { jobs: 0, bytes: 0 }
  const isRemoving = () => removal().jobs > 0 || removal().bytes > 0
  const sayRemoval = () =>
    [
      removal().jobs > 0 ? `about ${sayCount(removal().jobs, 'job')}, with all that they printed` : '',
      removal().bytes > 0 ? `the oldest output, ${sayBytes(removal().bytes)} of it` : '',
    ]
      .filter(Boolean)
      .join(', and ')

  const save = async () => {
    setSaved(false)
    if (!(await action.run({ input: limits() }))) return
    setConfirming(false)
    setSaved(true)
  }
  const submit = () => {
    if (isRemoving()) setConfirming(true)
    else save()
  }

  return (
    <Form class={formColumn} problems={[action.problem()]} onSubmit={submit} onInput={() => setSaved(false)}>
      <LimitField
        label="Remove jobs some days after their end"
        without="Jobs are kept for ever, however old they are."
        numberLabel="Days that jobs are kept"
        unit="days"
        isOn={hasDays()}
        onSwitch={setHasDays}
        min={1}
        max={36_500}
        value={days()}
        onInput={setDays}
        problem={action.fieldProblem('days')}
      />
      <LimitField
        label="Keep only so many jobs"
        without="Any number of jobs is kept."
        numberLabel="Jobs that are kept"
        unit="jobs, the newest"
        isOn={hasJobs()}
        onSwitch={setHasJobs}
        min={100}
        max={10_000_000}
        value={jobs()}
        onInput={setJobs}
        problem={action.fieldProblem('jobs')}
      />
      <LimitField
        label="Keep only so much output"
        without="All that jobs print is kept as long as they are."
        numberLabel="Output that is kept, in MiB"
        unit={
          <span>
            MiB
            <Show when={Number(mebibytes()) >= 1024}>
              <span class="text-muted"> ({sayBytes(Number(mebibytes()) * mebibyte)})</span>
            </Show>
          </span>
        }
        isOn={hasBytes()}
        onSwitch={setHasBytes}
        min={1}
        max={8_000_000_000}
        value={mebibytes()}
        onInput={setMebibytes}
        problem={action.fieldProblem('outputBytes')}
      />
      <div role="status">
        <Show when={isRemoving()}>
          <Notice tone="warning">
            This removes {sayRemoval()}. It begins as soon as you save, and cannot be undone.
          </Notice>
        </Show>
      </div>
      <ProblemNotice problem={action.problem()} />
      <FormButtons word={isRemoving() ? 'Save changes…' : 'Save changes'} isPending={action.isPending()}>
        <span role="status" class="text-good">
          {isSaved() ? 'Saved. What is over the limits goes now, and then once an hour.' : ''}
        </span>
      </FormButtons>
      <ConfirmByName
        title="Remove what is over the limits?"
        name="history"
        word="Save and remove"
        isOpen={isConfirming()}
        isPending={action.isPending()}
        problem={action.problem()}
        onConfirm={save}
        onClose={() => setConfirming(false)}
      >
        <ul class="grid list-disc gap-1 pl-5">
          <li>Removed at once: {sayRemoval()}.</li>
          <li>All archives stay, and the newest backup job of each plan and of each repository.</li>
        </ul>
      </ConfirmByName>
      <Automation operation="updateHistory" input={limits()} />
    </Form>
  )
}

/** The limits, for those who may not change them. */
const Kept = (props: { history: HistoryStateFragment }) => (
  <ul class="grid list-disc gap-1 pl-5">
    <li>
      {props.history.days === null
        ? 'Jobs, however old they are.'
        : `Jobs for ${sayCount(props.history.days, 'day')} after their end.`}
    </li>
    <li>
      {props.history.jobs === null ? 'Any number of jobs.' : `${sayCount(props.history.jobs, 'job')}, the newest.`}
    </li>
    <li>
      {props.history.outputBytes === null
        ? 'All that they print.'
        : `${sayBytes(props.history.outputBytes)} of what they print.`}
    </li>
  </ul>
)

/** How long jobs and what they printed are kept, and how much there is. */
export default function HistorySettings() {
  const [result, retry] = createFollowedQuery({ query: HistoryDocument, changes: HistorySizeDocument, variables: {} })
  return (
    <Loaded data={result.data?.history} error={result.error} retry={retry}>
      {(history) => (
        <div class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8">
          <div class="card p-4">
            <Facts
              facts={[
                { name: 'Jobs', value: history.jobCount.toLocaleString('en'), note: 'that there are now' },
                { name: 'Output', value: sayBytes(history.storedOutputBytes), note: 'as it is stored, compressed' },
              ]}
            />
          </div>
          <Section title="What is kept">
            <p class="text-muted">
              Of jobs that have ended; the oldest go first. Archives always stay, and so does the newest backup job of
              each plan and of each repository.
            </p>
            <Show when={canAct()} fallback={<Kept history={history} />}>
              <LimitsForm history={history} />
            </Show>
          </Section>
        </div>
      )}
    </Loaded>
  )
}
