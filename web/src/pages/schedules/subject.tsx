import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import type { ScheduleRowFragment } from '../../api/gql/graphql.ts'
import { paths } from '../../paths.ts'
import { actions } from '../../text/kinds.ts'

type Subject = Pick<ScheduleRowFragment, 'action' | 'plan' | 'repository'>

/** What a schedule runs, with the ways to it. */
export const SubjectLinks = (props: { schedule: Subject }) => (
  <span>
    {`${actions[props.schedule.action].subject} `}
    <Show when={props.schedule.plan}>
      {(plan) => (
        <>
          <A href={paths.plan(plan().id)} class="relative text-accent underline underline-offset-2">
            {plan().name}
          </A>
          {' into '}
        </>
      )}
    </Show>
    <Show when={props.schedule.repository}>
      {(repository) => (
        <A href={paths.repository(repository().id)} class="relative text-accent underline underline-offset-2">
          {repository().name}
        </A>
      )}
    </Show>
  </span>
)

/** The same as plain text, for places without room for links. */
export const saySubject = ({ action, plan, repository }: Subject) => {
  const { subject, isOfPlan } = actions[action]
  return `${subject} ${(isOfPlan ? plan : repository)?.name ?? '–'}`
}
