import { useNavigate } from '@solidjs/router'
import { createSignal, lazy, Show, Suspense } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { DeletePlanDocument, type PlanDetailsFragment, PlanJobCountDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'

const ConfirmByName = lazy(async () => ({ default: (await import('../../parts/confirm-by-name.tsx')).ConfirmByName }))

/** What goes with a plan, and what stays. */
const Fate = (props: { plan: PlanDetailsFragment }) => {
  const [result] = createQuery({
    query: PlanJobCountDocument,
    variables: () => ({ id: props.plan.id }),
    requestPolicy: 'network-only',
  })
  const { schedules } = props.plan
  const hooks = props.plan.hooks ?? []
  const jobs = () => {
    const count = result.data?.jobs.totalCount
    if (count === 0) return 'It never ran.'
    return `${count === undefined ? 'Its jobs' : sayCount(count, 'job')} and all archives stay. What runs now goes on.`
  }
  return (
    <ul class="grid list-disc gap-1 pl-5">
      <li>
        {schedules.length === 0
          ? 'It has no schedule.'
          : `${sayCount(schedules.length, 'schedule goes', 'schedules go')} with it: ${schedules.map(({ name }) => name).join(', ')}.`}
      </li>
      <li>
        {hooks.length === 0
          ? 'It has no hook.'
          : `${sayCount(hooks.length, 'hook goes', 'hooks go')} with it, with the values of its variables.`}
      </li>
      <li>{jobs()}</li>
    </ul>
  )
}

/** How to be rid of a plan. */
export const DeletePlan = (props: { plan: PlanDetailsFragment }) => {
  const navigate = useNavigate()
  const action = createAction(DeletePlanDocument)
  const [isOpen, setOpen] = createSignal(false)
  const remove = async () => {
    if (await action.run({ input: { id: props.plan.id } })) navigate(paths.plans)
  }
  return (
    <Section title="Delete this plan">
      <p class="text-muted">Its archives and jobs stay; nothing is backed up by it any more.</p>
      <div>
        <Button look="danger" onClick={() => setOpen(true)}>
          Delete plan…
        </Button>
      </div>
      <Show when={isOpen()}>
        <Suspense>
          <ConfirmByName
            title={`Delete ${props.plan.name}?`}
            name={props.plan.name}
            word="Delete plan"
            isOpen
            isPending={action.isPending()}
            problem={action.problem()}
            onConfirm={remove}
            onClose={() => setOpen(false)}
          >
            <Fate plan={props.plan} />
          </ConfirmByName>
        </Suspense>
      </Show>
    </Section>
  )
}
