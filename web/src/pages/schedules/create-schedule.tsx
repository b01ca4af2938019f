import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createAction } from '../../api/action.ts'
import { CreateScheduleDocument } from '../../api/gql/graphql.ts'
import { Automation } from '../../parts/automation.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { newDraft } from './draft.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { createTargets } from './targets.ts'
import { viewerZone } from './zones.ts'

export default function CreateSchedule() {
  const navigate = useNavigate()
  const [search] = useSearchParams<{ plan?: string; repository?: string }>()
  const targets = createTargets(() => [search.plan, search.repository])
  const action = createAction(CreateScheduleDocument)
  return (
    <Page
      title="Create schedule"
      isNarrow
      above={
        <A href={paths.schedules} class="w-fit text-accent hover:underline">
          Schedules
        </A>
      }
    >
      <Loaded data={targets.isRead() || undefined} error={targets.error()} retry={targets.retry}>
        {() => (
          <ScheduleForm
            start={newDraft({ plan: search.plan, repository: search.repository, timeZone: viewerZone() })}
            targets={targets}
            action={action}
            submitWord="Create schedule"
            onSubmit={async (input) => {
              const schedule = await action.run({ input })
              if (schedule) navigate(paths.schedule(schedule.id))
            }}
            below={(input) => <Automation operation="createSchedule" input={input} />}
          />
        )}
      </Loaded>
    </Page>
  )
}
