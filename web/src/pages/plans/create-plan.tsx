import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createQuery } from '@urql/solid'
import { createMemo } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { CreatePlanDocument, PlanRepositoriesDocument, type PlanRepositoriesQuery } from '../../api/gql/graphql.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { emptyDraft } from './draft.ts'
import { Editor } from './editor.tsx'

type Repositories = readonly PlanRepositoriesQuery['repositories']['edges'][number]['node'][]

export default function CreatePlan() {
  const navigate = useNavigate()
  const [search] = useSearchParams<{ repository?: string }>()
  const [result, retry] = createQuery({ query: PlanRepositoriesDocument })
  // Read once: what is typed must not be lost when a repository changes.
  const repositories = createMemo<Repositories | undefined>(
    (known) => known ?? result.data?.repositories.edges.map(({ node }) => node),
  )
  const saving = createAction(CreatePlanDocument)
  return (
    <Page
      title="Create plan"
      isNarrow
      above={
        <A href={paths.plans} class="w-fit text-accent hover:underline">
          Plans
        </A>
      }
    >
      <Loaded
        data={repositories()}
        error={result.error}
        retry={() => retry({ requestPolicy: 'network-only' })}
        isEmpty={(list) => list.length === 0}
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
        {(list) => (
          <Editor
            start={emptyDraft((list.find(({ id }) => id === search.repository) ?? list[0])?.id ?? '')}
            sources={[]}
            repositories={list}
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
