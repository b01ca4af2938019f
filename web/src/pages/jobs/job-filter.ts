import type { JobFilter, RunState } from '../../api/gql/graphql.ts'
import { isId } from '../../ids.ts'
import { isJobKind, jobKinds } from '../../text/kinds.ts'
import { activeStates, runStates } from '../../text/words.ts'

/** What the list of jobs is filtered by, as it stands in the address. Days are `2026-11-23`, in the viewer's zone. */
export interface Wishes extends Record<string, string | undefined> {
  state?: string
  kind?: string
  repository?: string
  plan?: string
  schedule?: string
  from?: string
  to?: string
}

/** Nothing asked for: every job. */
export const noWishes: Wishes = {
  state: undefined,
  kind: undefined,
  repository: undefined,
  plan: undefined,
  schedule: undefined,
  from: undefined,
  to: undefined,
}

/** The states that are asked for together or alone, by their word in the address. A task alone can be skipped. */
export const stateChoices: Record<string, { word: string; states: readonly RunState[] }> = {
  active: { word: 'Not finished', states: activeStates },
  waiting: { word: 'Waiting', states: ['PENDING', 'QUEUED'] },
  attention: {
    word: 'Failed, interrupted or with warnings',
    states: ['FAILED', 'INTERRUPTED', 'COMPLETED_WITH_WARNINGS'],
  },
  ...Object.fromEntries(
    Object.entries(runStates)
      .filter(([state]) => state !== 'SKIPPED')
      .map(([state, { word }]) => [state, { word, states: [state as RunState] }]),
  ),
}

/** The beginning of a day in the viewer's zone, or of the day so many days after it; undefined where it is no day. */
export const startOfDay = (day: string | undefined, later = 0): Date | undefined => {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? []
  if (!year) return undefined
  const start = new Date(Number(year), Number(month) - 1, Number(date))
  // A day that there is not, as the 31st of June, would become another one; a year below 1970 is one half typed.
  if (start.getMonth() !== Number(month) - 1 || Number(year) < 1970) return undefined
  start.setDate(start.getDate() + later)
  return start
}

const idOf = (text: string | undefined) => (text && isId(text) ? text : undefined)

/** What the server is asked for. What makes no sense counts as not asked for. */
export const filterOf = (wishes: Wishes): JobFilter => ({
  states: Object.hasOwn(stateChoices, wishes.state ?? '')
    ? [...(stateChoices[wishes.state ?? '']?.states ?? [])]
    : undefined,
  kinds: isJobKind(wishes.kind) ? [wishes.kind] : undefined,
  repositoryId: idOf(wishes.repository),
  planId: idOf(wishes.plan),
  scheduleId: idOf(wishes.schedule),
  createdFrom: startOfDay(wishes.from)?.toISOString(),
  createdTo: startOfDay(wishes.to, 1)?.toISOString(),
})

const sayDay = (day: string) =>
  startOfDay(day)?.toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' })

/** What is asked for, wish by wish, in words; `nameOf` names what an id in the address stands for. */
export const sayWishes = (wishes: Wishes, nameOf: (id: string) => string) => {
  const sayName = (id: string | undefined) => id && nameOf(id)
  return (
    [
      ['state', 'State', stateChoices[wishes.state ?? '']?.word],
      ['kind', 'Kind', isJobKind(wishes.kind) ? jobKinds[wishes.kind].word : undefined],
      ['repository', 'Repository', sayName(idOf(wishes.repository))],
      ['plan', 'Plan', sayName(idOf(wishes.plan))],
      ['schedule', 'Schedule', sayName(idOf(wishes.schedule))],
      ['from', 'From', wishes.from && sayDay(wishes.from)],
      ['to', 'To', wishes.to && sayDay(wishes.to)],
    ] as const
  ).flatMap(([name, word, value]) => (value ? [{ name, word, value }] : []))
}
