import { A, useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { type PlanRowFragment, type PlansQuery, StartBackupDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { firstPlans } from '../plans/first-plans.ts'
import { saySources } from '../plans/plan-words.ts'

const Row = (props: { plan: PlanRowFragment }) => {
  const navigate = useNavigate()
  const action = createAction(StartBackupDocument)
  const start = async () => {
    const job = await action.run({ input: { planId: props.plan.id } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <li class="grid gap-2 px-4 py-3">
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div class="min-w-0 flex-1 basis-48">
          <A href={paths.plan(props.plan.id)} class="font-medium hover:underline">
            {props.plan.name}
          </A>
          <p class="line-clamp-2 font-mono text-[13px] text-muted">{saySources(props.plan.settings.sources)}</p>
        </div>
        <Button onClick={start} disabled={action.isPending()} aria-label={`Back up now: ${props.plan.name}`}>
          Back up now
        </Button>
      </div>
      <ProblemNotice problem={action.problem()} />
    </li>
  )
}

/** The plans of a repository, each with a way to run it. Nothing where there is none. */
export const ByPlan = (props: { repositoryId: string; plans: PlansQuery['plans'] | undefined }) => (
  <Show when={props.plans?.edges.length}>
    <Section title="By a plan">
      <ul class="card divide-y divide-line">
        <For each={props.plans?.edges}>{({ node }) => <Row plan={node} />}</For>
      </ul>
      <Show when={(props.plans?.totalCount ?? 0) > firstPlans}>
        <A href={paths.plansOf(props.repositoryId)} class="w-fit text-accent hover:underline">
          All {sayCount(props.plans?.totalCount ?? 0, 'plan')}
        </A>
      </Show>
    </Section>
    <h2 class="border-t border-line pt-5">Without a plan</h2>
  </Show>
)
