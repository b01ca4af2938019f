import type { LucideProps } from 'lucide-solid'
import Ban from 'lucide-solid/icons/ban'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleX from 'lucide-solid/icons/circle-x'
import Clock from 'lucide-solid/icons/clock'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import type { Component, JSX } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { RepositoryState, RunState } from '../api/gql/graphql.ts'
import { runStates, type Tone } from '../text/words.ts'
import { Time } from './time.tsx'

const tones: Record<Tone, { icon: Component<LucideProps>; ink: string; soft: string }> = {
  running: { icon: LoaderCircle, ink: 'text-accent', soft: 'bg-accent-soft' },
  good: { icon: CircleCheck, ink: 'text-good', soft: 'bg-good-soft' },
  warning: { icon: CircleAlert, ink: 'text-warning', soft: 'bg-warning-soft' },
  failed: { icon: CircleX, ink: 'text-failed', soft: 'bg-failed-soft' },
  idle: { icon: Clock, ink: 'text-idle', soft: 'bg-idle-soft' },
}

/** The sign of a tone. Colour never stands alone: a word belongs beside it. */
export const ToneIcon = (props: { tone: Tone; icon?: Component<LucideProps>; size?: number }) => (
  <Dynamic
    component={props.icon ?? tones[props.tone].icon}
    size={props.size ?? 16}
    class={`shrink-0 ${tones[props.tone].ink} ${props.tone === 'running' ? 'animate-spin' : ''}`}
    aria-hidden="true"
  />
)

const Badge = (props: { tone: Tone; icon?: Component<LucideProps>; word: string }) => (
  <span
    class={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-[13px] font-medium whitespace-nowrap ${tones[props.tone].ink} ${tones[props.tone].soft}`}
  >
    <ToneIcon tone={props.tone} icon={props.icon} size={14} />
    {props.word}
  </span>
)

/** The state of a job or a task. */
export const RunStateBadge = (props: { state: RunState; isCancelling?: boolean }) => (
  <Badge
    tone={runStates[props.state].tone}
    icon={props.state === 'CANCELLED' ? Ban : undefined}
    word={props.isCancelling ? 'Cancelling' : runStates[props.state].word}
  />
)

/**
 * How something went the last time, and when. It is no state of what it stands beside, so it is words and no badge: `Last
 * backup failed 3 hours ago`. Above a link that covers its row, so that hovering shows the exact time.
 */
export const LastResult = (props: { what: string; state: RunState; at: string }) => (
  <span class="inline-flex flex-wrap items-center gap-x-1.5 text-muted">
    <ToneIcon tone={runStates[props.state].tone} icon={props.state === 'CANCELLED' ? Ban : undefined} size={14} />
    <span>
      {props.what} {runStates[props.state].word.toLowerCase()}
    </span>
    <span class="relative">
      <Time at={props.at} />
    </span>
  </span>
)

const repositoryStates: Record<RepositoryState, { word: string; tone: Tone }> = {
  PENDING: { word: 'Being set up', tone: 'running' },
  READY: { word: 'Ready', tone: 'good' },
  FAILED: { word: 'Not opened', tone: 'failed' },
}

/** The state of a repository. */
export const RepositoryStateBadge = (props: { state: RepositoryState }) => <Badge {...repositoryStates[props.state]} />

/** A message that must be seen, in the colour of its tone. */
export const Notice = (props: { tone: Tone; role?: 'alert' | 'status'; children: JSX.Element }) => (
  <div role={props.role} class={`flex items-start gap-2.5 rounded-card px-3 py-2.5 ${tones[props.tone].soft}`}>
    <span class="mt-0.5">
      <ToneIcon tone={props.tone} />
    </span>
    <div class="min-w-0 flex-1 wrap-anywhere whitespace-pre-line">{props.children}</div>
  </div>
)
