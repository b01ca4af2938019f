import { A, useNavigate, useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { ScheduleDocument, UpdateScheduleDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Automation } from '../../parts/automation.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import NotFound from '../not-found.tsx'
import { draftOf } from './draft.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { createTargets } from './targets.ts'

export default function EditSchedule() {
  const navigate = useNavigate()
  const params = useParams<{ id: string }>()
  const id = () => decodeURIComponent(params.id)
  const [result, retry] = createLiveQuery({ query: ScheduleDocument, variables: () => ({ id: id() }) })
  const schedule = () => (result.data?.node?.__typename === 'Schedule' ? result.data.node : undefined)
  const targets = createTargets(() => [schedule()?.plan?.id, schedule()?.repository?.id])
  const action = createAction(UpdateScheduleDocument)
  return (
    <Show
      when={!result.data || schedule()}
      fallback={<NotFound what="There is no such schedule, or it was removed since." />}
    >
      <Page
        title="Edit schedule"
        isNarrow
        above={
          <Show when={schedule()}>
            {(found) => (
              <A href={paths.schedule(found().id)} class="w-fit text-accent hover:underline">
                {found().name}
              </A>
            )}
          </Show>
        }
      >
        <Loaded data={targets.isRead() ? schedule() : undefined} error={result.error ?? targets.error()} retry={retry}>
          {(found) => (
            <ScheduleForm
              start={draftOf(found)}
              targets={targets}
              action={action}
              submitWord="Save changes"
              onSubmit={async (input) => {
                if (await action.run({ input: { id: id(), ...input } })) navigate(paths.schedule(id()))
              }}
              below={(input) => <Automation operation="updateSchedule" input={{ id: id(), ...input }} />}
            />
          )}
        </Loaded>
      </Page>
    </Show>
  )
}
