import { A } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import type { createAction } from '../../api/action.ts'
import type { CreateScheduleInput } from '../../api/gql/graphql.ts'
import { Automation } from '../../parts/automation.tsx'
import { Checkbox } from '../../parts/checkbox.tsx'
import { Combobox } from '../../parts/combobox.tsx'
import { DurationField } from '../../parts/duration-field.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { LeaveGuard } from '../../parts/leave-guard.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'
import { actions } from '../../text/kinds.ts'
import { ChoiceCards } from './choice-cards.tsx'
import { CronFields } from './cron-fields.tsx'
import { CronPreview, createCronPreview } from './cron-preview.tsx'
import { type Draft, inputOf } from './draft.ts'
import { missedRunPolicies, overlapPolicies } from './schedule-words.ts'
import type { Targets } from './subject-choices.ts'
import { WeekdayBoxes } from './weekday-boxes.tsx'
import { listZones } from './zones.ts'

type Action = Pick<ReturnType<typeof createAction>, 'isPending' | 'problem' | 'fieldProblem'>

/** The fields whose problems stand beside them. */
const shownFields = ['name', 'planId', 'repositoryId', 'cron', 'timeZone', 'window', 'jitter', 'maxDuration']

const Group = (props: { title: string; children: JSX.Element }) => (
  <section class="grid gap-4">
    <h2>{props.title}</h2>
    {props.children}
  </section>
)

/** Everything about a schedule, new or not. */
export const ScheduleForm = (props: {
  start: Draft
  targets: Targets
  action: Action
  operation: 'createSchedule' | 'updateSchedule'
  /** The schedule that is changed. */
  id?: string
  word: string
  /** Where “Cancel” leads. */
  back: string
  /** Resolves to the way on; to undefined where it was refused, which `action` explains. */
  save: (input: CreateScheduleInput) => Promise<(() => void) | undefined>
}) => {
  const [draft, setDraft] = createStore<Draft>({ ...props.start })
  let saved = JSON.stringify(inputOf(draft))
  const preview = createCronPreview(
    () => draft.cron,
    () => draft.timeZone,
  )
  const problemOf = (field: string) => props.action.fieldProblem(field) || undefined
  const isNameTaken = () => props.action.problem()?.__typename === 'NameTaken'
  /** What has no field to stand beside. */
  const rest = () => {
    const problem = props.action.problem()
    if (!problem || isNameTaken()) return undefined
    if (!problem.fields) return problem
    const fields = problem.fields.filter(({ path }) => !shownFields.includes(path[0] ?? ''))
    return fields.length > 0 ? { ...problem, fields } : undefined
  }
  const submit = async () => {
    const wanted = inputOf(draft)
    const proceed = await props.save(wanted)
    if (!proceed) return
    saved = JSON.stringify(wanted)
    proceed()
  }

  return (
    <Form class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8" problems={[props.action.problem()]} onSubmit={submit}>
      <Group title="What">
        <TextField
          label="Name"
          required
          maxlength="100"
          value={draft.name}
          onInput={(event) => setDraft('name', event.currentTarget.value)}
          problem={isNameTaken() ? props.action.problem()?.message : problemOf('name')}
        />
        <ChoiceCards
          legend="What it does"
          name="action"
          choices={actions}
          value={draft.action}
          onChange={(action) => setDraft('action', action)}
        />
        <Show
          when={actions[draft.action].isOfPlan}
          fallback={
            <Select
              label="Repository"
              required
              onChange={(event) => setDraft('repositoryId', event.currentTarget.value)}
              hint={props.targets.missing}
              problem={problemOf('repositoryId')}
            >
              <option value="">Choose a repository</option>
              <For each={props.targets.repositories}>
                {({ id, name }) => (
                  <option value={id} selected={id === draft.repositoryId}>
                    {name}
                  </option>
                )}
              </For>
            </Select>
          }
        >
          <Select
            label="Plan"
            required
            onChange={(event) => setDraft('planId', event.currentTarget.value)}
            hint={
              props.targets.plans.length > 0 ? (
                props.targets.missing
              ) : (
                <>
                  There is no plan yet. A plan says what is backed up, and into which repository:{' '}
                  <A href={paths.createPlan()} class="text-accent underline underline-offset-2">
                    create one first
                  </A>
                  .
                </>
              )
            }
            problem={problemOf('planId')}
          >
            <option value="">Choose a plan</option>
            <For each={props.targets.plans}>
              {({ id, name }) => (
                <option value={id} selected={id === draft.planId}>
                  {name}
                </option>
              )}
            </For>
          </Select>
        </Show>
      </Group>

      <Group title="When">
        <CronFields
          cron={draft.cron}
          onChange={(cron) => setDraft('cron', cron)}
          problem={preview.problem('cron') ?? problemOf('cron')}
        />
        <Combobox
          label="Time zone"
          options={listZones(props.start.timeZone)}
          value={draft.timeZone}
          onChange={(timeZone) => setDraft('timeZone', timeZone)}
          hint="Summer and winter time are followed: 02:30 stays 02:30 on the clock there."
          problem={preview.problem('timeZone') ?? problemOf('timeZone')}
        />
        <CronPreview
          of={preview}
          timeZone={draft.timeZone}
          isChangedByRules={draft.hasWindow || (draft.jitter ?? 0) > 0}
        />
        <Checkbox
          label="Run at these times"
          hint="Without this it runs only when somebody says so."
          isChecked={draft.isEnabled}
          onChange={(isEnabled) => setDraft('isEnabled', isEnabled)}
        />
      </Group>

      <Group title="Rules">
        <div class="grid gap-3">
          <Checkbox
            label="Begin only at certain hours"
            hint="A run that is due outside of them begins when they come, by the clock of the time zone above."
            isChecked={draft.hasWindow}
            onChange={(hasWindow) => setDraft('hasWindow', hasWindow)}
          />
          <Show when={draft.hasWindow}>
            <div class="grid gap-3 border-l-2 border-line pl-4">
              <div class="flex flex-wrap items-start gap-3">
                <TextField
                  label="From"
                  type="time"
                  required
                  value={draft.from}
                  onInput={(event) => setDraft('from', event.currentTarget.value)}
                  problem={problemOf('window')}
                />
                <TextField
                  label="To"
                  type="time"
                  required
                  value={draft.to}
                  onInput={(event) => setDraft('to', event.currentTarget.value)}
                  hint={draft.to < draft.from ? 'on the next day' : undefined}
                />
              </div>
              <WeekdayBoxes
                legend="They begin on"
                value={draft.weekdays}
                onChange={(weekdays) => setDraft('weekdays', weekdays)}
              />
            </div>
          </Show>
        </div>
        <div class="grid items-start gap-4 sm:grid-cols-2">
          <DurationField
            label="Begin late by up to"
            placeholder="on time"
            value={draft.jitter}
            onChange={(jitter) => setDraft('jitter', jitter)}
            hint="Spreads runs that are due at the same time. Empty: they begin on time."
            problem={problemOf('jitter')}
          />
          <DurationField
            label="Stop after"
            placeholder="never"
            value={draft.maxDuration}
            onChange={(maxDuration) => setDraft('maxDuration', maxDuration)}
            hint="A run that takes longer is stopped. Empty: no limit."
            problem={problemOf('maxDuration')}
          />
        </div>
        <ChoiceCards
          legend="If a run was missed"
          name="missed"
          choices={missedRunPolicies}
          value={draft.missedRunPolicy}
          onChange={(policy) => setDraft('missedRunPolicy', policy)}
        />
        <ChoiceCards
          legend="If the run before still works"
          name="overlap"
          choices={overlapPolicies}
          value={draft.overlapPolicy}
          onChange={(policy) => setDraft('overlapPolicy', policy)}
        />
      </Group>

      <div class="grid gap-4">
        <ProblemNotice problem={rest()} />
        <Show when={props.action.problem() && !rest()}>
          <p role="alert" class="text-failed">
            Nothing was saved: see the fields marked above.
          </p>
        </Show>
        <FormButtons word={props.word} isPending={props.action.isPending()} back={props.back} />
        <Automation
          operation={props.operation}
          input={props.id ? { id: props.id, ...inputOf(draft) } : inputOf(draft)}
        />
      </div>
      <LeaveGuard isChanged={() => JSON.stringify(inputOf(draft)) !== saved} />
    </Form>
  )
}
