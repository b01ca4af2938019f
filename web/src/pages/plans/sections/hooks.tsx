import Plus from 'lucide-solid/icons/plus'
import { For, Show } from 'solid-js'
import { produce } from 'solid-js/store'
import type { HookMoment } from '../../../api/gql/graphql.ts'
import { Button } from '../../../parts/button.tsx'
import { Checkbox } from '../../../parts/checkbox.tsx'
import { Disclosure } from '../../../parts/disclosure.tsx'
import { DurationField } from '../../../parts/duration-field.tsx'
import { Select, TextArea, TextField } from '../../../parts/field.tsx'
import { OrderedList } from '../../../parts/ordered-list.tsx'
import { hookMoments } from '../../../text/words.ts'
import { emptyHook, type HookDraft, moveItem } from '../draft.ts'
import { Environment } from './environment.tsx'
import type { EditorSection } from './section.ts'

const moments = Object.entries(hookMoments) as [HookMoment, string][]

/** The variables that every hook is given, and what they hold. */
const variables: readonly (readonly [string, string])[] = [
  ['BORGITORY_JOB_ID', 'the id of the job'],
  ['BORGITORY_JOB_KIND', 'what the job is for: BACKUP'],
  ['BORGITORY_JOB_STATE', 'how it went so far: COMPLETED, COMPLETED_WITH_WARNINGS, FAILED, CANCELLED or INTERRUPTED'],
  ['BORGITORY_PROBLEM', 'why it did not do all that it was for'],
  ['BORGITORY_PLAN', 'the name of the plan'],
  ['BORGITORY_REPOSITORY', 'the name of the repository'],
  ['BORGITORY_REPOSITORY_LOCATION', 'its path'],
  ['BORGITORY_ARCHIVE', 'the name of the archive; empty before the backup'],
  ['BORGITORY_SOURCES', 'the folders, one on each line'],
]

const Row = (props: {
  hook: HookDraft
  edit: (change: (hook: HookDraft) => void) => void
  problem: (...path: string[]) => string | undefined
}) => {
  const change = (wanted: Partial<HookDraft>) => props.edit((hook) => Object.assign(hook, wanted))
  return (
    <div class="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-3">
      <div class="grid items-start gap-3 sm:grid-cols-2">
        <TextField
          label="Name of the hook"
          required
          data-hook
          value={props.hook.name}
          onInput={(event) => change({ name: event.currentTarget.value })}
          problem={props.problem('name')}
        />
        <Select
          label="Runs"
          onChange={(event) => {
            const moment = event.currentTarget.value as HookMoment
            const wasBefore = props.hook.moment === 'BEFORE'
            if (wasBefore === (moment === 'BEFORE')) change({ moment })
            // What the server takes for granted where it is not told.
            else change({ moment, stopsOnFailure: moment === 'BEFORE' })
          }}
          problem={props.problem('moment')}
        >
          <For each={moments}>
            {([moment, word]) => (
              <option value={moment} selected={moment === props.hook.moment}>
                {word}
              </option>
            )}
          </For>
        </Select>
      </div>
      <TextArea
        label="Command"
        required
        rows={4}
        value={props.hook.command}
        onInput={(event) => change({ command: event.currentTarget.value })}
        hint="Given to /bin/sh on the server, with the rights of Borgitory. What it prints is kept with the job."
        problem={props.problem('command')}
      />
      <div class="grid items-start gap-3 sm:grid-cols-2">
        <TextField
          label="Working folder"
          isMono
          value={props.hook.workingFolder}
          onInput={(event) => change({ workingFolder: event.currentTarget.value })}
          hint="A path on the server. Empty: a folder of its own, removed afterwards."
          problem={props.problem('workingFolder')}
        />
        <DurationField
          label="Time limit"
          value={props.hook.timeLimit}
          onChange={(timeLimit) => change({ timeLimit })}
          hint="It is ended after this long. Empty: 5 minutes."
          problem={props.problem('timeLimit')}
        />
      </div>
      <Checkbox
        label={props.hook.moment === 'BEFORE' ? 'No backup when it fails' : 'The job fails when it fails'}
        hint="Otherwise its failure is only a warning."
        isChecked={props.hook.stopsOnFailure}
        onChange={(stopsOnFailure) => change({ stopsOnFailure })}
      />
      <Environment
        variables={props.hook.environment}
        edit={(change) => props.edit(({ environment }) => change(environment))}
        problem={(index) => props.problem('environment', String(index))}
      />
    </div>
  )
}

const Hooks: EditorSection['Fields'] = (props) => {
  let region: HTMLDivElement | undefined
  const edit = (change: (hooks: HookDraft[]) => void) => props.setDraft('hooks', produce(change))
  const add = () => {
    edit((hooks) => hooks.push(emptyHook()))
    ;[...(region?.querySelectorAll<HTMLElement>('[data-hook]') ?? [])].at(-1)?.focus()
  }
  return (
    <div ref={region} class="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p class="text-muted">
        Commands around each backup: stop a container, dump a database, tell somebody. They run in this order.
      </p>
      <OrderedList
        label="Hooks"
        word="Hook"
        items={props.draft.hooks}
        onMove={(index, by) => edit((hooks) => moveItem(hooks, index, by))}
        onRemove={(index) => edit((hooks) => hooks.splice(index, 1))}
      >
        {(hook, index, buttons) => (
          <div class="flex items-start gap-2 max-sm:flex-col-reverse max-sm:items-stretch">
            <Row
              hook={hook}
              edit={(change) => props.setDraft('hooks', index(), produce(change))}
              problem={(...path) => props.problem('hooks', String(index()), ...path)}
            />
            <div class="max-sm:self-end">{buttons}</div>
          </div>
        )}
      </OrderedList>
      <Button class="justify-self-start" onClick={add}>
        <Plus size={16} aria-hidden="true" />
        Add hook
      </Button>
      <Show when={props.draft.hooks.length > 0}>
        <Disclosure title="What a hook is told">
          <dl class="grid gap-1 text-[13px]">
            <For each={variables}>
              {([name, holds]) => (
                <div>
                  <dt class="inline font-mono">{name}</dt>
                  <dd class="inline text-muted">: {holds}</dd>
                </div>
              )}
            </For>
          </dl>
        </Disclosure>
      </Show>
    </div>
  )
}

/** The commands that run before and after a plan's backups. */
export const hooks: EditorSection = { title: 'Hooks', Fields: Hooks }
