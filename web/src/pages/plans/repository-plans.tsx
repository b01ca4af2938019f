import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { canAct } from '../../api/rights.ts'
import { Failure } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'
import { type createFirstPlans, firstPlans } from './first-plans.ts'
import { LatestRun, NextRun } from './plan-row.tsx'

/** The plans whose archives go into a repository. */
export const RepositoryPlans = (props: { repositoryId: string; plans: ReturnType<typeof createFirstPlans> }) => {
  const result = () => props.plans.result
  const link = 'text-accent hover:underline'
  return (
    <Section
      title="Plans"
      beside={
        <Show when={canAct()}>
          <A href={paths.createPlan(props.repositoryId)} class={link}>
            Create plan
          </A>
        </Show>
      }
    >
      <Show when={!result().data && result().error}>
        {(error) => <Failure error={error()} retry={props.plans.retry} />}
      </Show>
      <Show when={result().data?.plans}>
        {(plans) => (
          <>
            <Show
              when={plans().edges.length > 0}
              fallback={<p class="text-muted">No plan backs up into this repository.</p>}
            >
              <ul class="card divide-y divide-line">
                <For each={plans().edges}>
                  {({ node }) => (
                    <li class="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-sunken">
                      <A
                        href={paths.plan(node.id)}
                        class="min-w-0 font-medium after:absolute after:inset-0 hover:underline"
                      >
                        {node.name}
                      </A>
                      <LatestRun job={node.latestJob} />
                      <span class="text-muted max-sm:w-full sm:ml-auto">
                        <NextRun plan={node} />
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <Show when={plans().totalCount > firstPlans}>
              <A href={paths.plansOf(props.repositoryId)} class={`w-fit ${link}`}>
                All {sayCount(plans().totalCount, 'plan')}
              </A>
            </Show>
          </>
        )}
      </Show>
    </Section>
  )
}
