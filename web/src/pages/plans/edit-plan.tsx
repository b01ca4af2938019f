import { A, useNavigate, useParams } from '@solidjs/router'
import { createQuery } from '@urql/solid'
import { createMemo, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  PlanDocument,
  PlanRepositoriesDocument,
  type PlanRepositoriesQuery,
  UpdatePlanDocument,
} from '../../api/gql/graphql.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import NotFound from '../not-found.tsx'
import { type Draft, draftOf } from './draft.ts'
import { Editor } from './editor.tsx'

interface Start {
  name: string
  draft: Draft
  sources: readonly string[]
  repositories: readonly PlanRepositoriesQuery['repositories']['edges'][number]['node'][]
}

export default function EditPlan() {
  const params = useParams<{ id: string }>()
  const navigate = useNavigate()
  const id = () => decodeURIComponent(params.id)
  const [result, retry] = createQuery({
    query: PlanDocument,
    variables: () => ({ id: id() }),
    requestPolicy: 'network-only',
  })
  const [names] = createQuery({ query: PlanRepositoriesDocument })
  const saving = createAction(UpdatePlanDocument)

  // Read once: what is typed must not be lost when somebody else changes the plan.
  const start = createMemo<Start | undefined>((known) => {
    const plan = result.data?.node
    const repositories = names.data?.repositories.edges.map(({ node }) => node)
    if (known || result.fetching || plan?.__typename !== 'BackupPlan' || !repositories) return known
    return {
      name: plan.name,
      draft: draftOf(plan),
      sources: [...plan.settings.sources],
      repositories: repositories.some(({ id }) => id === plan.repository.id)
        ? repositories
        : [plan.repository, ...repositories],
    }
  })

  return (
    <Show
      when={start() || !result.data || result.fetching || result.data.node}
      fallback={<NotFound what="There is no such plan, or it was removed since." />}
    >
      <Page
        title={start() ? `Edit ${start()?.name}` : 'Edit plan'}
        isNarrow
        above={
          <A href={paths.plan(id())} class="w-fit text-accent hover:underline">
            {start()?.name ?? 'Plan'}
          </A>
        }
      >
        <Loaded
          data={start()}
          error={result.error ?? names.error}
          retry={() => retry({ requestPolicy: 'network-only' })}
        >
          {(found) => (
            <Editor
              start={found.draft}
              sources={found.sources}
              repositories={found.repositories}
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
          )}
        </Loaded>
      </Page>
    </Show>
  )
}
