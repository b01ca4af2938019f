import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createMemo } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { CreatePlanDocument, PlanRepositoriesDocument } from '../../api/gql/graphql.ts'
import { isId } from '../../ids.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { type Choices, choicesOf, firstChoice } from './choices.ts'
import { emptyDraft } from './draft.ts'
import { Editor } from './editor.tsx'

export default function CreatePlan() {
  const navigate = useNavigate()
  const [search] = useSearchParams<{ repository?: string }>()
  const [result, retry] = createQuery({
    query: PlanRepositoriesDocument,
    variables: { chosen: [search.repository ?? ''].filter(isId) },
  })
  // Read once: what is typed must not be lost when a repository changes.
  const choices = createMemo<Choices | undefined>((known) => known ?? (result.data ? choicesOf(result.data) : known))
  const saving = createAction(CreatePlanDocument)
  return (
    <Page
      title="Create plan"
      above={
        <A href={paths.plans} class="w-fit text-accent hover:underline">
          Plans
        </A>
      }
    >
      <Loaded
        data={choices()}
        error={result.error}
        retry={() => retry({ requestPolicy: 'network-only' })}
        isEmpty={({ repositories }) => repositories.length === 0}
        empty={
          <Empty title="No repository yet.">
            <p class="max-w-md text-muted">A plan says what goes into a repository. Create or import one first.</p>
            <div class="flex flex-wrap justify-center gap-2">
              <ButtonLink href={paths.importRepository}>Import repository</ButtonLink>
              <ButtonLink href={paths.createRepository} look="primary">
                Create repository
              </ButtonLink>
            </div>
          </Empty>
        }
      >
        {({ repositories, isCut }) => (
          <Editor
            start={emptyDraft(firstChoice(repositories, search.repository))}
            sources={[]}
            repositories={repositories}
            isCut={isCut}
            operation="createPlan"
            word="Create plan"
            back={paths.plans}
            saving={saving}
            save={async (input) => {
              const plan = await saving.run({ input })
              return plan && (() => navigate(paths.plan(plan.id)))
            }}
          />
        )}
      </Loaded>
    </Page>
  )
}
