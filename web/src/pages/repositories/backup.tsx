import { A, useNavigate, useParams } from '@solidjs/router'
import { createQuery } from '@urql/solid'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type CompressionAlgorithm,
  type CompressionInput,
  LatestBackupDocument,
  RepositoryDocument,
  StartBackupDocument,
} from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Button } from '../../parts/button.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'
import { compressions } from '../../text/words.ts'
import NotFound from '../not-found.tsx'
import { Automation } from './automation.tsx'
import { fitCompression, sayCompression } from './compression.ts'

const FolderPicker = lazy(() => import('../../parts/folder-picker.tsx'))

const algorithms = Object.keys(compressions) as CompressionAlgorithm[]

interface Settings {
  sources: readonly string[]
  compression: CompressionInput
  comment: string
}

const Form = (props: { repositoryId: string; start: Settings }) => {
  const navigate = useNavigate()
  const action = createAction(StartBackupDocument)
  const [sources, setSources] = createSignal(props.start.sources)
  const [typed, setTyped] = createSignal('')
  const [compression, setCompression] = createSignal(props.start.compression)
  const [comment, setComment] = createSignal('')
  const [isPicking, setPicking] = createSignal(false)
  const [missing, setMissing] = createSignal<string>()
  const levels = () => compressions[compression().algorithm].levels
  const input = () => ({
    repositoryId: props.repositoryId,
    sources: [...sources()],
    compression: compression(),
    comment: comment(),
  })

  const add = (paths: string[]) => {
    setSources((known) => [...new Set([...known, ...paths.filter((path) => path !== '')])])
    setMissing(undefined)
  }
  const addTyped = () => {
    add([typed().trim()])
    setTyped('')
  }
  const change = (wanted: Partial<CompressionInput>) =>
    setCompression((known) => fitCompression({ ...known, ...wanted }))

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    addTyped()
    if (sources().length === 0) {
      setMissing('Add at least one folder.')
      return
    }
    const job = await action.run({ input: input() })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <form class="grid gap-6" onSubmit={submit}>
      <section class="grid gap-3">
        <h2>Folders</h2>
        <Show when={sources().length > 0}>
          <ul aria-label="Folders to back up" class="card divide-y divide-line">
            <For each={sources()}>
              {(source) => (
                <li class="flex items-center gap-2 py-1 pr-1 pl-3">
                  <span class="min-w-0 flex-1 font-mono whitespace-pre-wrap">{source}</span>
                  <Button
                    look="quiet"
                    aria-label={`Remove ${source}`}
                    onClick={() => setSources((known) => known.filter((other) => other !== source))}
                  >
                    <X size={16} aria-hidden="true" />
                  </Button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <TextField
          label="Folder"
          isMono
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || typed().trim() === '') return
            event.preventDefault()
            addTyped()
          }}
          hint="A path on the server. Everything below it is backed up."
          problem={missing() ?? action.fieldProblem('sources')}
          action={
            <>
              <Button onClick={addTyped} disabled={typed().trim() === ''}>
                Add
              </Button>
              <Button onClick={() => setPicking(true)}>Browse…</Button>
            </>
          }
        />
      </section>
      <section class="grid gap-3">
        <h2>Compression</h2>
        <div class="grid items-start gap-3 sm:grid-cols-[2fr_1fr]">
          <Select
            label="Algorithm"
            value={compression().algorithm}
            onChange={(event) => change({ algorithm: event.currentTarget.value as CompressionAlgorithm, level: null })}
          >
            <For each={algorithms}>
              {(algorithm) => (
                <option value={algorithm} selected={algorithm === compression().algorithm}>
                  {compressions[algorithm].word}
                </option>
              )}
            </For>
          </Select>
          <Show when={levels()}>
            {(range) => (
              <TextField
                label="Level"
                type="number"
                required
                min={range().lowest}
                max={range().highest}
                value={compression().level ?? range().usual}
                onChange={(event) => change({ level: event.currentTarget.valueAsNumber })}
                hint={`${range().lowest} (fastest) to ${range().highest} (smallest)`}
                problem={action.fieldProblem('level')}
              />
            )}
          </Show>
        </div>
        <Show when={compression().algorithm !== 'NONE'}>
          <label class="flex w-fit items-center gap-2.5">
            <input
              type="checkbox"
              class="size-4 accent-accent"
              checked={compression().isAuto}
              onChange={(event) => change({ isAuto: event.currentTarget.checked })}
            />
            Skip files that do not compress well
          </label>
        </Show>
        <p class="text-[13px] text-muted">
          Borg calls this <code class="font-mono">{sayCompression(compression())}</code>.
        </p>
      </section>
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
        <Automation input={input()} />
      </div>
      <Show when={isPicking()}>
        <Suspense>
          <FolderPicker
            title="Choose folders on the server"
            isMultiple
            start={
              sources()
                .at(-1)
                ?.replace(/\/[^/]*$/, '') || '/'
            }
            onChoose={add}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      </Show>
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
      comment: '',
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
          {(settings) => <Form repositoryId={id()} start={settings} />}
        </Loaded>
      </Page>
    </Show>
  )
}
