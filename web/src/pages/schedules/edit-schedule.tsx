import { A, useNavigate, useParams } from '@solidjs/router'
import { createMemo } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { ScheduleDocument, ScheduleTargetsDocument, UpdateScheduleDocument } from '../../api/gql/graphql.ts'
import { isId, readId } from '../../ids.ts'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { NodePage } from '../node-page.tsx'
import { type Draft, draftOf } from './draft.ts'
import { ScheduleForm } from './schedule-form.tsx'
import { type Targets, targetsOf } from './subject-choices.ts'

interface Start {
  name: string
  draft: Draft
  targets: Targets
}

export default function EditSchedule() {
  const navigate = useNavigate()
  const params = useParams<{ id: string }>()
  const id = () => readId(params.id)
  const [result, retry] = createQuery({
    query: ScheduleDocument,
    variables: () => ({ id: id() }),
    pause: () => !isId(id()),
    requestPolicy: 'network-only',
  })
  const [names, retryNames] = createQuery({
    query: ScheduleTargetsDocument,
    variables: { chosen: [] },
    requestPolicy: 'network-only',
  })
  const action = createAction(UpdateScheduleDocument)

  // Read once: what is typed must not be lost when somebody else changes the schedule, or removes it.
  const start = createMemo<Start | undefined>((known) => {
    const schedule = result.data?.node
    if (known || result.fetching || schedule?.__typename !== 'Schedule' || !names.data) return known
    const { plan, repository } = schedule
    const chosen = [
      plan && { __typename: 'BackupPlan' as const, id: plan.id, name: plan.name },
      repository && { __typename: 'Repository' as const, id: repository.id, name: repository.name },
    ]
    return { name: schedule.name, draft: draftOf(schedule), targets: targetsOf({ ...names.data, chosen }) }
  })

  return (
    <NodePage
      title="Edit schedule"
      found={start()}
      isMissing={
        !isId(id()) || (Boolean(result.data) && !result.fetching && result.data?.node?.__typename !== 'Schedule')
      }
      missing="There is no such schedule, or it was removed since."
      error={result.error ?? names.error}
      retry={() => {
        retry({ requestPolicy: 'network-only' })
        retryNames({ requestPolicy: 'network-only' })
      }}
    >
      {(found) => (
        <Page
          title={`Edit ${found.name}`}
          above={
            <A href={paths.schedule(id())} class="w-fit text-accent hover:underline">
              {found.name}
            </A>
          }
        >
          <ScheduleForm
            start={found.draft}
            targets={found.targets}
            action={action}
            operation="updateSchedule"
            id={id()}
            word="Save changes"
            back={paths.schedule(id())}
            save={async (input) =>
              (await action.run({ input: { id: id(), ...input } })) && (() => navigate(paths.schedule(id())))
            }
          />
        </Page>
      )}
    </NodePage>
  )
}
