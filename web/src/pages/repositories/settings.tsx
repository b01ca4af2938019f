import { createSignal, For, onCleanup, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { RepositoryLocksDocument, type RepositoryRowFragment, UpdateRepositoryDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Failure } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { PathField } from '../../parts/path-field.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { Compact } from './compact.tsx'
import { Forget } from './forget.tsx'
import { createPassphrase } from './passphrase-fields.tsx'

/** Seconds between looks at borg's lock, which other programs take without telling. */
const lookEvery = 5

const Lock = (props: { repositoryId: string }) => {
  const [result, read] = createLiveQuery({
    query: RepositoryLocksDocument,
    variables: () => ({ id: props.repositoryId }),
  })
  const timer = setInterval(
    () => document.visibilityState === 'visible' && !result.fetching && read(),
    lookEvery * 1000,
  )
  onCleanup(() => clearInterval(timer))
  const repository = () => (result.data?.node?.__typename === 'Repository' ? result.data.node : undefined)
  return (
    <Section title="Borg’s lock">
      <Show
        when={repository()}
        fallback={<Show when={result.error}>{(error) => <Failure error={error()} retry={read} />}</Show>}
      >
        {(found) => (
          <For each={found().locks} fallback={<p class="text-muted">Nobody holds it: the repository is free.</p>}>
            {(lock) => (
              <Notice tone={lock.isAlive === false ? 'warning' : 'idle'}>
                <p>
                  Process {lock.pid} on {lock.host}{' '}
                  {lock.isExclusive ? 'holds it.' : 'shares it with others that read: backups wait for it.'}{' '}
                  {lock.isAlive === null
                    ? 'That is another machine, so nobody here can tell whether it still runs.'
                    : lock.isAlive
                      ? 'It is running.'
                      : 'It is not running any more.'}
                </p>
                <Show when={lock.command}>
                  <p class="font-mono text-[13px]">{lock.command}</p>
                </Show>
              </Notice>
            )}
          </For>
        )}
      </Show>
    </Section>
  )
}

const Change = (props: { repository: RepositoryRowFragment }) => {
  const action = createAction(UpdateRepositoryDocument)
  const [name, setName] = createSignal(props.repository.name)
  const [location, setLocation] = createSignal(props.repository.location)
  const [lockWait, setLockWait] = createSignal(String(props.repository.lockWait))
  const [isSaved, setSaved] = createSignal(false)
  const secret = createPassphrase()
  const submit = async () => {
    setSaved(false)
    const repository = await action.run({
      input: {
        id: props.repository.id,
        name: name(),
        location: location(),
        lockWait: Number(lockWait()),
        passphrase: secret.passphrase() || undefined,
      },
    })
    if (!repository) return
    secret.clear()
    setSaved(true)
  }
  return (
    <Form
      class={formColumn}
      isRight={() => !secret.differs()}
      problems={[action.problem()]}
      onSubmit={submit}
      onInput={() => setSaved(false)}
    >
      <TextField
        label="Name"
        required
        value={name()}
        onInput={(event) => setName(event.currentTarget.value)}
        problem={action.fieldProblem('name')}
      />
      <PathField
        label="Path"
        value={location()}
        onChange={(path) => {
          setLocation(path)
          setSaved(false)
        }}
        hint="Only where you have moved the repository yourself: Borgitory does not move it. Try it again then, and confirm that it was moved."
        problem={action.fieldProblem('location')}
      />
      <TextField
        label="Wait for the lock (seconds)"
        type="number"
        min="0"
        required
        class="max-w-40"
        value={lockWait()}
        onInput={(event) => setLockWait(event.currentTarget.value)}
        hint="How long a job waits while another program uses the repository, before it fails."
        problem={action.fieldProblem('lockWait')}
      />
      <secret.Fields
        hint="Only to correct what Borgitory has: it does not change the passphrase of the repository. Empty: leave it as it is."
        problem={action.fieldProblem('passphrase')}
      />
      <ProblemNotice problem={action.problem()} />
      <FormButtons word="Save changes" isPending={action.isPending()}>
        <span role="status" class="text-good">
          {isSaved() ? 'Saved.' : ''}
        </span>
      </FormButtons>
    </Form>
  )
}

/** What can be changed about a repository, who uses it now, and how to be rid of it. */
export const Settings = (props: { repository: RepositoryRowFragment }) => (
  <div class="grid max-w-2xl gap-8">
    <Show when={canAct()}>
      <Change repository={props.repository} />
    </Show>
    <Lock repositoryId={props.repository.id} />
    <Show when={canAct()}>
      <Compact repositoryId={props.repository.id} />
      <Forget repository={props.repository} />
    </Show>
  </div>
)
