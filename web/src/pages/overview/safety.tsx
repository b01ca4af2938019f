import { A } from '@solidjs/router'
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { NextRunsQuery, SafetyQuery } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { now } from '../../parts/clock.ts'
import { Section } from '../../parts/page.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { assess } from './assessment.ts'
import { rhythmOf } from './rhythm.ts'

/** Findings that are shown unasked: more would hide what runs. */
const usualFindings = 8

const softs = {
  running: 'bg-accent-soft',
  good: 'bg-good-soft',
  warning: 'bg-warning-soft',
  failed: 'bg-failed-soft',
  idle: 'bg-idle-soft',
}

const kinds = { plan: 'Plan', repository: 'Repository' }

/** When the last good backup was made, and when the next one is due. */
const Rhythm = (props: { of: ReturnType<typeof rhythmOf> }) => (
  <span class="block text-base font-normal">
    <Show when={props.of.last} fallback="There is no good backup yet">
      {(at) => (
        <>
          The last good backup began <Time at={at()} />
        </>
      )}
    </Show>
    <Show when={props.of.next} fallback={props.of.next === null ? '; none is scheduled.' : '.'}>
      {(at) => (
        <>
          ; the next is due{' '}
          <Show when={Date.parse(at()) > now()} fallback="now">
            <Time at={at()} />
          </Show>
          .
        </>
      )}
    </Show>
  </span>
)

/** Whether everything is safely backed up, in one sentence, and what needs attention. */
export const Safety = (props: { data: SafetyQuery; next: NextRunsQuery | undefined }) => {
  const repositories = () => props.data.repositories.edges.map(({ node }) => node)
  const plans = () => props.data.plans.edges.map(({ node }) => node)
  const [isWhole, setWhole] = createSignal(false)
  const assessment = createMemo(() => assess(repositories(), plans(), now()))
  // The clock goes on each second: what is found stays as it is, and with it the focus.
  const findings = createMemo(() => assessment().findings, undefined, {
    equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  })
  const shown = () => (isWhole() ? findings() : findings().slice(0, usualFindings))
  const isCut = () =>
    props.data.repositories.totalCount > repositories().length || props.data.plans.totalCount > plans().length
  return (
    <>
      <p class={`flex items-center gap-3 rounded-card px-4 py-4 text-lg font-medium ${softs[assessment().tone]}`}>
        <ToneIcon tone={assessment().tone} size={24} />
        <span>
          {assessment().sentence}
          <Rhythm of={rhythmOf(repositories(), props.next)} />
        </span>
      </p>
      <Show when={isCut()}>
        <p class="text-muted">
          Judged by the first {plans().length} of {sayCount(props.data.plans.totalCount, 'plan')} and the first{' '}
          {repositories().length} of {sayCount(props.data.repositories.totalCount, 'repository', 'repositories')}.
        </p>
      </Show>
      <Show when={findings().length > 0}>
        <Section title="Needs attention">
          <ul class="card divide-y divide-line" aria-label="Needs attention">
            <For each={shown()}>
              {({ subject, tone, text, jobId }) => (
                <li class="flex items-start gap-3 px-4 py-3">
                  <span class="mt-0.5">
                    <ToneIcon tone={tone} />
                  </span>
                  <div class="min-w-0 flex-1 gap-3 sm:flex">
                    <div class="min-w-0 flex-1">
                      <span class="text-muted">{kinds[subject.kind]} </span>
                      <A
                        href={subject.kind === 'plan' ? paths.plan(subject.id) : paths.repository(subject.id)}
                        class="font-medium hover:underline"
                      >
                        {subject.name}
                      </A>
                      <p class="text-muted">{text}</p>
                    </div>
                    <Show when={jobId}>
                      {(id) => (
                        <A href={paths.job(id())} class="shrink-0 text-accent hover:underline">
                          See the job
                        </A>
                      )}
                    </Show>
                  </div>
                </li>
              )}
            </For>
          </ul>
          <Show when={findings().length > usualFindings}>
            <Button class="justify-self-start" aria-expanded={isWhole()} onClick={() => setWhole((whole) => !whole)}>
              {isWhole() ? 'Show fewer' : `Show ${sayCount(findings().length - usualFindings, 'more', 'more')}`}
            </Button>
          </Show>
        </Section>
      </Show>
    </>
  )
}
