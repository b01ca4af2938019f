import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createUniqueId, For, Show } from 'solid-js'
import type { JobDetailsFragment } from '../../api/gql/graphql.ts'
import { canAct, canAdminister } from '../../api/rights.ts'
import { now } from '../../parts/clock.ts'
import { Code, Disclosure } from '../../parts/disclosure.tsx'
import { Notice, RunStateBadge } from '../../parts/state-badge.tsx'
import { sayCount } from '../../text/counts.ts'
import { taskKinds } from '../../text/kinds.ts'
import { isActive, runStates } from '../../text/words.ts'
import { FileProblems } from './file-problems.tsx'
import { sayPolicies, sayTask, sayTries } from './job-words.ts'
import { Output } from './output.tsx'
import { RemovedOutput } from './removed-output.tsx'
import type { Timeline } from './timeline.ts'
import { sayRow, sayTook, Track } from './tracks.tsx'

/** The columns of the timeline, wide enough for them: words, bar, duration. */
export const timelineColumns = 'lg:grid lg:grid-cols-[minmax(0,28rem)_minmax(0,1fr)_5.5rem] lg:items-center lg:gap-x-4'

/** One step of a job, with its place in the timeline; it opens to what it printed. */
export const Task = (props: {
  task: JobDetailsFragment['tasks'][number]
  /** Whether the job works on several repositories. */
  isOfSeveral: boolean
  timeline: Timeline
  /** When the job's next try begins. */
  notBefore: string | null
  isOpen: boolean
  toggle: () => void
  /** What the page says already. */
  jobProblem: string | null
  fileName: string
}) => {
  const id = createUniqueId()
  const row = () => props.timeline.rows.find((candidate) => candidate.id === props.task.id)
  const tries = () => sayTries(props.task, props.notBefore, now())
  const policies = () => sayPolicies(props.task)
  const when = () => {
    const found = row()
    return found ? sayRow(found, props.task.attempt) : ''
  }
  return (
    <li class="card min-w-0">
      <h3>
        <button
          type="button"
          aria-expanded={props.isOpen}
          aria-controls={id}
          onClick={props.toggle}
          class={`flex w-full flex-wrap items-center gap-x-3 gap-y-1.5 rounded-card px-4 py-3 text-left hover:bg-sunken ${timelineColumns}`}
        >
          <span class="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
            <span class="flex min-w-0 items-start gap-3">
              <ChevronRight
                size={16}
                aria-hidden="true"
                class={`mt-0.5 shrink-0 text-muted transition-transform ${props.isOpen ? 'rotate-90' : ''}`}
              />
              <span class="min-w-0 font-medium">{sayTask(props.task)}</span>
            </span>
            <Show when={props.isOfSeveral && props.task.repositoryName}>
              {(name) => <span class="text-muted">{name()}</span>}
            </Show>
            <RunStateBadge state={props.task.state} />
            <Show when={tries()}>
              <span class="text-[13px] text-muted">{tries()}</span>
            </Show>
            <Show when={props.task.fileProblemCount > 0}>
              <span class="text-warning">{sayCount(props.task.fileProblemCount, 'file problem')}</span>
            </Show>
          </span>
          <span class="order-last w-full lg:order-none">
            <Track timeline={props.timeline} row={row()} tone={runStates[props.task.state].tone} />
          </span>
          <span class="ml-auto text-right text-muted tabular-nums">
            <Show when={row()?.duration != null}>{sayTook(row()?.duration ?? 0)}</Show>
            <span class="sr-only">. {when()}</span>
          </span>
        </button>
      </h3>
      <Show when={props.task.state === 'SKIPPED' && props.task.problem}>
        {(reason) => <p class="px-4 pb-3 text-muted">{reason()}</p>}
      </Show>
      <div id={id} class="grid grid-cols-[minmax(0,1fr)] gap-4 px-4 pb-4" classList={{ hidden: !props.isOpen }}>
        <Show when={props.isOpen}>
          <Show when={when() || policies().length > 0}>
            <ul class="flex flex-wrap gap-x-4 gap-y-1 text-muted">
              <Show when={when()}>
                <li>{when()}</li>
              </Show>
              <For each={policies()}>{(sentence) => <li>{sentence}</li>}</For>
            </ul>
          </Show>
          <Show when={props.task.state !== 'SKIPPED' && props.task.problem !== props.jobProblem && props.task.problem}>
            {(problem) => (
              <Notice tone={isActive(props.task.state) ? 'warning' : runStates[props.task.state].tone}>
                {problem()}
              </Notice>
            )}
          </Show>
          <Show when={props.task.fileProblemCount > 0 && canAct()}>
            <FileProblems taskId={props.task.id} count={props.task.fileProblemCount} />
          </Show>
          <Show when={props.task.hookCommand ?? props.task.commandLine}>
            {(commandLine) => (
              <Disclosure title={props.task.hookCommand === null ? 'Command line' : 'Shell command'}>
                <Code text={commandLine()} label="Copy the command line" />
                <Show when={props.task.exitCode !== null}>
                  <p class="mt-1 text-[13px] text-muted">It ended with exit code {props.task.exitCode}.</p>
                </Show>
              </Disclosure>
            )}
          </Show>
          <Show when={props.task.startedAt} fallback={<p class="text-muted">It has not begun.</p>}>
            <Show
              when={taskKinds[props.task.kind].isHook ? canAdminister() : canAct()}
              fallback={<p class="text-muted">What it prints names files: you may not see it.</p>}
            >
              <Show
                when={props.task.outputRemovedAt}
                fallback={
                  <Output
                    taskId={props.task.id}
                    lineCount={props.task.lineCount}
                    isLive={isActive(props.task.state)}
                    fileName={props.fileName}
                  />
                }
              >
                {(at) => <RemovedOutput at={at()} lineCount={props.task.lineCount} />}
              </Show>
            </Show>
          </Show>
        </Show>
      </div>
    </li>
  )
}
