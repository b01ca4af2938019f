import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createUniqueId, Show } from 'solid-js'
import type { JobDetailsFragment } from '../../api/gql/graphql.ts'
import { Code, Disclosure } from '../../parts/disclosure.tsx'
import { Notice, RunStateBadge } from '../../parts/state-badge.tsx'
import { Duration } from '../../parts/time.tsx'
import { sayCount } from '../../text/counts.ts'
import { isActive, runStates, taskKinds } from '../../text/words.ts'
import { FileProblems } from './file-problems.tsx'
import { Output } from './output.tsx'

/** One step of a job; it opens to what it printed. */
export const Task = (props: {
  task: JobDetailsFragment['tasks'][number]
  isOpen: boolean
  toggle: () => void
  /** What the page says already. */
  jobProblem: string | null
  fileName: string
}) => {
  const id = createUniqueId()
  return (
    <li class="card min-w-0">
      <h3>
        <button
          type="button"
          aria-expanded={props.isOpen}
          aria-controls={id}
          onClick={props.toggle}
          class="flex w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-card px-4 py-3 text-left hover:bg-sunken"
        >
          <ChevronRight
            size={16}
            aria-hidden="true"
            class={`shrink-0 text-muted transition-transform ${props.isOpen ? 'rotate-90' : ''}`}
          />
          <span class="font-medium">{taskKinds[props.task.kind]}</span>
          <RunStateBadge state={props.task.state} />
          <Show when={props.task.fileProblemCount > 0}>
            <span class="text-warning">{sayCount(props.task.fileProblemCount, 'file problem')}</span>
          </Show>
          <Show when={props.task.startedAt}>
            {(from) => (
              <span class="ml-auto text-muted">
                <Duration from={from()} to={props.task.finishedAt} />
              </span>
            )}
          </Show>
        </button>
      </h3>
      <div id={id} class="grid grid-cols-[minmax(0,1fr)] gap-4 px-4 pb-4" classList={{ hidden: !props.isOpen }}>
        <Show when={props.isOpen}>
          <Show when={props.task.problem !== props.jobProblem && props.task.problem}>
            {(problem) => <Notice tone={runStates[props.task.state].tone}>{problem()}</Notice>}
          </Show>
          <Show when={props.task.fileProblemCount > 0}>
            <FileProblems taskId={props.task.id} count={props.task.fileProblemCount} />
          </Show>
          <Show when={props.task.commandLine}>
            {(commandLine) => (
              <Disclosure title="Command line">
                <Code text={commandLine()} label="Copy the command line" />
                <Show when={props.task.exitCode !== null}>
                  <p class="mt-1 text-[13px] text-muted">It ended with exit code {props.task.exitCode}.</p>
                </Show>
              </Disclosure>
            )}
          </Show>
          <Output
            taskId={props.task.id}
            lineCount={props.task.lineCount}
            isLive={isActive(props.task.state)}
            fileName={props.fileName}
          />
        </Show>
      </div>
    </li>
  )
}
