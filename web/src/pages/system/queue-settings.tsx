import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { type QueueStateFragment, UpdateQueueDocument } from '../../api/gql/graphql.ts'
import { canAct } from '../../api/rights.ts'
import { Automation } from '../../parts/automation.tsx'
import { Facts } from '../../parts/facts.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { createQueueQuery } from '../../parts/queue.ts'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { PauseQueueButton } from '../jobs/queue-line.tsx'

const Limits = (props: { queue: QueueStateFragment }) => {
  const action = createAction(UpdateQueueDocument)
  const [jobs, setJobs] = createSignal(String(props.queue.concurrentJobs))
  const [backups, setBackups] = createSignal(String(props.queue.concurrentBackups))
  const [isSaved, setSaved] = createSignal(false)
  const input = () => ({ concurrentJobs: Number(jobs()), concurrentBackups: Number(backups()) })
  const submit = async () => {
    setSaved(false)
    if (await action.run({ input: input() })) setSaved(true)
  }
  return (
    <Form class={formColumn} problems={[action.problem()]} onSubmit={submit} onInput={() => setSaved(false)}>
      <TextField
        label="Jobs at the same time"
        type="number"
        min="1"
        max="64"
        required
        class="max-w-40"
        value={jobs()}
        onInput={(event) => setJobs(event.currentTarget.value)}
        hint="More of them wait. Jobs of one repository run one after the other in any case."
        problem={action.fieldProblem('concurrentJobs')}
      />
      <TextField
        label="Backups among them"
        type="number"
        min="1"
        max="64"
        required
        class="max-w-40"
        value={backups()}
        onInput={(event) => setBackups(event.currentTarget.value)}
        hint={
          Number(backups()) >= Number(jobs())
            ? 'So all of them may be backups. Fewer leave places free for other jobs, and spare disks and network.'
            : 'The rest of the places is kept free for other jobs.'
        }
        problem={action.fieldProblem('concurrentBackups')}
      />
      <ProblemNotice problem={action.problem()} />
      <FormButtons word="Save changes" isPending={action.isPending()}>
        <span role="status" class="text-good">
          {isSaved() ? 'Saved. It holds from now on; what runs goes on.' : ''}
        </span>
      </FormButtons>
      <Automation operation="updateQueue" input={input()} />
    </Form>
  )
}

/** How many jobs run and wait, how many may, and whether any may begin. */
export default function QueueSettings() {
  const [result, retry] = createQueueQuery()
  const link = 'text-accent hover:underline'
  return (
    <Loaded data={result.data?.queue} error={result.error} retry={retry}>
      {(queue) => (
        <div class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8">
          <div class="card p-4">
            <Facts
              facts={[
                {
                  name: 'Running',
                  value: queue.runningCount.toLocaleString('en'),
                  note: queue.runningCount > 0 && (
                    <A href={paths.jobsOf({ state: 'RUNNING' })} class={link}>
                      See them
                    </A>
                  ),
                },
                {
                  name: 'Waiting',
                  value: queue.waitingCount.toLocaleString('en'),
                  note: queue.waitingCount > 0 && (
                    <A href={paths.jobsOf({ state: 'waiting' })} class={link}>
                      See them
                    </A>
                  ),
                },
              ]}
            />
          </div>
          <Section title="How many at the same time">
            <Show
              when={canAct()}
              fallback={
                <p class="text-muted">
                  {sayCount(queue.concurrentJobs, 'job')} at most, {sayCount(queue.concurrentBackups, 'backup')} among
                  them.
                </p>
              }
            >
              <Limits queue={queue} />
            </Show>
          </Section>
          <Show when={canAct()}>
            <Section title="Pause">
              <p class="text-muted">
                <Show
                  when={queue.isPaused}
                  fallback="For maintenance: what runs goes on to its end, nothing new begins, and runs of schedules wait."
                >
                  The queue is paused: see above. “Resume” begins what waits, by its priority.
                </Show>
              </p>
              <div>
                <PauseQueueButton />
              </div>
            </Section>
          </Show>
        </div>
      )}
    </Loaded>
  )
}
