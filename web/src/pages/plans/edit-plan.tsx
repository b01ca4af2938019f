import { A, useNavigate, useParams } from '@solidjs/router'
import { createMemo } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { PlanDocument, PlanRepositoriesDocument, UpdatePlanDocument } from '../../api/gql/graphql.ts'
import { isId, readId } from '../../ids.ts'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { NodePage } from '../node-page.tsx'
import { type Choices, choicesOf } from './choices.ts'
import { type Draft, draftOf } from './draft.ts'
import { Editor } from './editor.tsx'

interface Start {
  name: string
  draft: Draft
  sources: readonly string[]
  choices: Choices
}

export default function EditPlan() {
  const params = useParams<{ id: string }>()
  const navigate = useNavigate()
  const id = () => readId(params.id)
  const [result, retry] = createQuery({
    query: PlanDocument,
    variables: () => ({ id: id() }),
    pause: () => !isId(id()),
    requestPolicy: 'network-only',
  })
  const [names, retryNames] = createQuery({ query: PlanRepositoriesDocument, variables: { chosen: [] } })
  const saving = createAction(UpdatePlanDocument)

  // Read once: what is typed must not be lost when somebody else changes the plan, or removes it.
  const start = createMemo<Start | undefined>((known) => {
    const plan = result.data?.node
    if (known || result.fetching || plan?.__typename !== 'BackupPlan' || !names.data) return known
    return {
      name: plan.name,
      draft: draftOf(plan),
      sources: [...plan.settings.sources],
      choices: choicesOf(names.data, [plan.repository]),
    }
  })

  return (
    <NodePage
      title="Edit plan"
      found={start()}
      isMissing={
        !isId(id()) || (Boolean(result.data) && !result.fetching && result.data?.node?.__typename !== 'BackupPlan')
      }
      missing="There is no such plan, or it was removed since."
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
            <A href={paths.plan(id())} class="w-fit text-accent hover:underline">
              {found.name}
            </A>
          }
        >
          <Editor
            start={found.draft}
            sources={found.sources}
            repositories={found.choices.repositories}
            isCut={found.choices.isCut}
            operation="updatePlan"
            id={id()}
            word="Save changes"
            back={paths.plan(id())}
            saving={saving}
            save={async (input) => {
              const plan = await saving.run({ input: { id: id(), ...input } })
              return plan && (() => navigate(paths.plan(plan.id)))
            }}
          />
        </Page>
      )}
    </NodePage>
  )
}
