import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { DeleteScheduleDocument, ScheduleJobCountDocument, type ScheduleRowFragment } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'

/** The way to be rid of a schedule: says what stays, and wants its name. */
export const DeleteSchedule = (props: { schedule: ScheduleRowFragment }) => {
  const navigate = useNavigate()
  const action = createAction(DeleteScheduleDocument)
  const [isOpen, setOpen] = createSignal(false)
  const [jobs] = createQuery({
    query: ScheduleJobCountDocument,
    variables: () => ({ id: props.schedule.id }),
    pause: () => !isOpen(),
    requestPolicy: 'network-only',
  })
  const jobCount = () => jobs.data?.jobs.totalCount
  const remove = async () => {
    if (await action.run({ input: { id: props.schedule.id } })) navigate(paths.schedules, { replace: true })
  }
  return (
    <Section title="Delete this schedule">
      <p class="text-muted">
        It does not run any more. To stop it for a while, switch it off instead: then everything about it stays.
      </p>
      <div>
        <Button look="danger" onClick={() => setOpen(true)}>
          Delete schedule…
        </Button>
      </div>
      <ConfirmByName
        title={`Delete ${props.schedule.name}?`}
        name={props.schedule.name}
        word="Delete schedule"
        isOpen={isOpen()}
        isPending={action.isPending()}
        problem={action.problem()}
        onConfirm={remove}
        onClose={() => setOpen(false)}
      >
        <p>
          Its runs so far
          <Show when={jobCount()}>{(count) => ` (${sayCount(count(), 'job')})`}</Show> and their archives stay, and so
          does {props.schedule.plan ? 'its plan' : 'its repository'}. A run that is under way goes on. There is no way
          back: you would have to make the schedule again.
        </p>
      </ConfirmByName>
    </Section>
  )
}
