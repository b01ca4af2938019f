import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { PlanDetailsFragment } from '../../api/gql/graphql.ts'
import { canAct } from '../../api/rights.ts'
import { Code } from '../../parts/disclosure.tsx'
import { Section } from '../../parts/page.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayDuration } from '../../text/times.ts'
import { hookMoments } from '../../text/words.ts'
import { BackupSettings } from './backup-settings.tsx'
import { sayPlan } from './plan-words.ts'

/** What the plan does, in words. */
export const Doing = (props: { plan: PlanDetailsFragment }) => (
  <Section title="What it does">
    <div class="card grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <BackupSettings
        settings={props.plan.settings}
        sentences={sayPlan(props.plan)}
        archiveWord="Its archives are called"
      />
    </div>
  </Section>
)

/** Its schedules, and the way to another. */
export const When = (props: { plan: PlanDetailsFragment }) => (
  <Section
    title="When it runs"
    beside={
      <Show when={canAct()}>
        <A href={paths.createSchedule({ plan: props.plan.id })} class="text-accent hover:underline">
          Create schedule
        </A>
      </Show>
    }
  >
    <Show
      when={props.plan.schedules.length > 0}
      fallback={<p class="text-muted">Only when somebody says so: it has no schedule.</p>}
    >
      <ul class="card divide-y divide-line">
        <For each={props.plan.schedules}>
          {(schedule) => (
            <li class="relative grid gap-0.5 px-4 py-2.5 hover:bg-sunken">
              <A
                href={paths.schedule(schedule.id)}
                class="w-fit font-medium after:absolute after:inset-0 hover:underline"
              >
                {schedule.name}
              </A>
              <p class="flex flex-wrap gap-x-4 text-muted">
                <span>
                  {schedule.text} ({schedule.timeZone})
                </span>
                <Show when={schedule.nextRunAt} fallback={schedule.isEnabled ? '' : 'Off'}>
                  {(at) => (
                    <span class="relative">
                      Next <Time at={at()} />
                    </span>
                  )}
                </Show>
              </p>
            </li>
          )}
        </For>
      </ul>
    </Show>
  </Section>
)

/** The commands that it runs before and after its backups. */
export const Hooks = (props: { plan: PlanDetailsFragment }) => (
  <Show when={props.plan.hooks?.length}>
    <Section title="Hooks">
      <ol class="grid grid-cols-[minmax(0,1fr)] gap-2">
        <For each={props.plan.hooks}>
          {(hook) => (
            <li class="card grid grid-cols-[minmax(0,1fr)] gap-2 p-4">
              <div class="flex flex-wrap gap-x-3 gap-y-1">
                <h3 class="font-medium">{hook.name}</h3>
                <span class="text-muted">{hookMoments[hook.moment]}</span>
              </div>
              <Code text={hook.command} label={`Copy the command of ${hook.name}`} />
              <p class="text-[13px] text-muted">
                In{' '}
                <Show when={hook.workingFolder} fallback="a folder of its own">
                  <span class="font-mono">{hook.workingFolder}</span>
                </Show>
                , for {sayDuration(hook.timeLimit)} at most.{' '}
                {hook.stopsOnFailure
                  ? hook.moment === 'BEFORE'
                    ? 'There is no backup when it fails.'
                    : 'The job fails when it fails.'
                  : 'Its failure is only a warning.'}{' '}
                <Show when={hook.environmentNames.length > 0}>
                  Is given <span class="font-mono">{hook.environmentNames.join(', ')}</span>.
                </Show>
              </p>
            </li>
          )}
        </For>
      </ol>
    </Section>
  </Show>
)
