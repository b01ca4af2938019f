import { A, useNavigate, useParams } from '@solidjs/router'
import { createQuery } from '@urql/solid'
import { createEffect, createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type CompressionInput,
  LatestBackupDocument,
  RepositoryDocument,
  StartBackupDocument,
} from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Automation } from '../../parts/automation.tsx'
import { Button } from '../../parts/button.tsx'
import { CompressionFields } from '../../parts/compression-fields.tsx'
import { TextField } from '../../parts/field.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { createSources } from '../../parts/sources.tsx'
import { paths } from '../../paths.ts'
import { fitCompression } from '../../text/compression.ts'
import { isEncrypted } from '../../text/words.ts'
import NotFound from '../not-found.tsx'

interface Settings {
  sources: readonly string[]
  compression: CompressionInput
}

const Form = (props: { repositoryId: string; isEncrypted: boolean; start: Settings }) => {
  const navigate = useNavigate()
  const action = createAction(StartBackupDocument)
  const sources = createSources(props.start.sources)
  const [compression, setCompression] = createSignal(props.start.compression)
  const [comment, setComment] = createSignal('')
  const input = () => ({
    repositoryId: props.repositoryId,
    sources: sources.paths(),
    compression: compression(),
    comment: comment(),
  })

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (sources.areMissing()) return
    const job = await action.run({ input: input() })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <form class="grid gap-6" onSubmit={submit}>
      <Section title="Folders">
        <sources.Fields problem={action.fieldProblem('sources')} />
      </Section>
      <Section title="Compression">
        <CompressionFields
          value={compression()}
          onChange={setCompression}
          isEncrypted={props.isEncrypted}
          levelProblem={action.fieldProblem('compression', 'level')}
          obfuscationProblem={action.fieldProblem('compression', 'obfuscation')}
        />
      </Section>
      <TextField
        label="Comment"
        value={comment()}
        onInput={(event) => setComment(event.currentTarget.value)}
        hint="Optional. Kept with the archive."
        problem={action.fieldProblem('comment')}
      />
      <ProblemNotice problem={action.problem()} />
      <div class="grid gap-4">
        <Button type="submit" look="primary" class="justify-self-start" disabled={action.isPending()}>
          Start backup
        </Button>
        <Automation operation="startBackup" input={input()} />
      </div>
    </form>
  )
}

export default function Backup() {
  const params = useParams<{ id: string }>()
  const id = () => decodeURIComponent(params.id)
  const [result, retry] = createLiveQuery({ query: RepositoryDocument, variables: () => ({ id: id() }) })
  const [latest] = createQuery({
    query: LatestBackupDocument,
    variables: () => ({ id: id() }),
    requestPolicy: 'network-only',
  })
  const repository = () => (result.data?.node?.__typename === 'Repository' ? result.data.node : undefined)

  // What the last backup was asked to do, read once: what is typed after that is not overwritten.
  const [start, setStart] = createSignal<Settings>()
  createEffect(() => {
    if (start() || latest.fetching || (!latest.data && !latest.error)) return
    const last = latest.data?.node?.__typename === 'Repository' ? latest.data.node.latestBackup?.backup : undefined
    setStart({
      sources: last?.sources.slice() ?? [],
      compression: fitCompression(last?.compression ?? { algorithm: 'ZSTD', isAuto: true }),
    })
  })

  return (
    <Show
      when={!result.data || repository()}
      fallback={<NotFound what="There is no such repository, or it was removed since." />}
    >
      <Page
        title="Back up now"
        isNarrow
        above={
          <Show when={repository()}>
            {(found) => (
              <A href={paths.repository(found().id)} class="w-fit text-accent hover:underline">
                {found().name}
              </A>
            )}
          </Show>
        }
      >
        <Loaded data={start()} error={result.error} retry={retry}>
          {(settings) => (
            <Form repositoryId={id()} isEncrypted={isEncrypted(repository()?.encryption ?? null)} start={settings} />
          )}
        </Loaded>
      </Page>
    </Show>
  )
}
