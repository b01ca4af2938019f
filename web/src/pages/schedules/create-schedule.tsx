import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createMemo } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { CreateScheduleDocument, ScheduleTargetsDocument } from '../../api/gql/graphql.ts'
import { isId } from '../../ids.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { newDraft } from './draft.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { type Targets, targetsOf } from './subject-choices.ts'
import { viewerZone } from './zones.ts'

export default function CreateSchedule() {
  const navigate = useNavigate()
  const [search] = useSearchParams<{ plan?: string; repository?: string }>()
  const chosen = [search.plan, search.repository].filter((id) => id !== undefined).filter(isId)
  const [result, retry] = createQuery({
    query: ScheduleTargetsDocument,
    variables: { chosen },
    requestPolicy: 'network-only',
  })
  // Read once: what is typed must not be lost when a plan or a repository changes.
  const targets = createMemo<Targets | undefined>((known) => known ?? (result.data ? targetsOf(result.data) : known))
  const action = createAction(CreateScheduleDocument)
  const start = ({ plans, repositories }: Targets) =>
    newDraft({
      plan: plans.find(({ id }) => id === search.plan)?.id,
      repository: repositories.find(({ id }) => id === search.repository)?.id,
      timeZone: viewerZone(),
    })
  return (
    <Page
      title="Create schedule"
      above={
        <A href={paths.schedules} class="w-fit text-accent hover:underline">
          Schedules
        </A>
      }
    >
      <Loaded data={targets()} error={result.error} retry={() => retry({ requestPolicy: 'network-only' })}>
        {(found) => (
          <ScheduleForm
            start={start(found)}
            targets={found}
            action={action}
            operation="createSchedule"
            word="Create schedule"
            back={paths.schedules}
            save={async (input) => {
              const schedule = await action.run({ input })
              return schedule && (() => navigate(paths.schedule(schedule.id)))
            }}
          />
        )}
      </Loaded>
    </Page>
  )
}
