import { createSignal, For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  type ApiTokenRowFragment,
  type ApiTokenScope,
  ApiTokensDocument,
  CreateApiTokenDocument,
  DeleteApiTokenDocument,
} from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { canAdminister } from '../../api/rights.ts'
import { Button } from '../../parts/button.tsx'
import { now } from '../../parts/clock.ts'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { Code } from '../../parts/disclosure.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Loaded } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { endAfter, lifetimes, scopes, tokenCommand } from './words.ts'

/** A token that was just made, which nobody can read again. */
const Made = (props: { token: string; name: string; onClose: () => void }) => (
  <Notice tone="good">
    <p class="font-medium">The token “{props.name}” was made. It is shown this once: copy it now.</p>
    <div class="mt-2 grid grid-cols-[minmax(0,1fr)] gap-2 text-ink">
      <Code text={props.token} label="Copy the token" />
      <p class="text-[13px]">To try it:</p>
      <Code text={tokenCommand(props.token, location.origin)} label="Copy the curl command" />
    </div>
    <Button class="mt-2" onClick={props.onClose}>
      I have copied it
    </Button>
  </Notice>
)

const Make = (props: { onMade: (token: string, name: string) => void }) => {
  const action = createAction(CreateApiTokenDocument)
  const [name, setName] = createSignal('')
  const [scope, setScope] = createSignal<ApiTokenScope>('READ')
  const [days, setDays] = createSignal<number | null>(90)
  const submit = async () => {
    const made = await action.run({
      input: { name: name(), scope: scope(), expiresAt: endAfter(days(), Date.now()) },
    })
    if (!made) return
    setName('')
    props.onMade(made.token, made.apiToken.name)
  }
  return (
    <Form class={formColumn} problems={[action.problem()]} onSubmit={submit}>
      <TextField
        label="Name"
        required
        maxlength={100}
        value={name()}
        onInput={(event) => setName(event.currentTarget.value)}
        hint="What it is for, such as “home dashboard”."
        problem={action.fieldProblem('name')}
      />
      <Select
        label="It may"
        class="max-w-60"
        hint={scopes[scope()].explanation}
        onChange={(event) => setScope(event.currentTarget.value as ApiTokenScope)}
      >
        <For each={Object.entries(scopes)}>
          {([value, { word }]) => (
            <option value={value} selected={value === scope()}>
              {word}
            </option>
          )}
        </For>
      </Select>
      <Select
        label="It lasts"
        class="max-w-60"
        onChange={(event) => setDays(lifetimes[event.currentTarget.selectedIndex]?.days ?? null)}
        problem={action.fieldProblem('expiresAt')}
      >
        <For each={lifetimes}>{(lifetime) => <option selected={lifetime.days === days()}>{lifetime.word}</option>}</For>
      </Select>
      <ProblemNotice problem={action.problem()} />
      <FormButtons word="Make token" isPending={action.isPending()} />
    </Form>
  )
}

const Row = (props: { token: ApiTokenRowFragment }) => {
  const action = createAction(DeleteApiTokenDocument)
  const [isOpen, setOpen] = createSignal(false)
  const remove = async () => {
    if (await action.run({ input: { id: props.token.id } })) setOpen(false)
  }
  return (
    <li class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div class="grid min-w-0 flex-1 basis-64 gap-0.5">
        <p class="flex flex-wrap gap-x-3">
          <span class="min-w-0 font-medium break-words">{props.token.name}</span>
          <span class="text-muted">{scopes[props.token.scope].word}</span>
          <Show when={canAdminister()}>
            <span class="text-muted">of {props.token.owner.username}</span>
          </Show>
        </p>
        <p class="flex flex-wrap gap-x-4 text-[13px] text-muted">
          <span>
            Made <Time at={props.token.createdAt} />
          </span>
          <Show when={props.token.lastUsedAt} fallback={<span>Never used</span>}>
            {(at) => (
              <span>
                Last used <Time at={at()} />
              </span>
            )}
          </Show>
          <Show when={props.token.expiresAt} fallback={<span>Lasts for ever</span>}>
            {(at) => (
              <span classList={{ 'text-warning': Date.parse(at()) <= now() }}>
                {Date.parse(at()) <= now() ? 'Expired' : 'Expires'} <Time at={at()} />
              </span>
            )}
          </Show>
        </p>
      </div>
      <Button look="danger" aria-label={`Remove token ${props.token.name}…`} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      <ConfirmByName
        title={`Remove ${props.token.name}?`}
        name={props.token.name}
        word="Remove token"
        isOpen={isOpen()}
        isPending={action.isPending()}
        problem={action.problem()}
        onConfirm={remove}
        onClose={() => setOpen(false)}
      >
        <p>Programs that use it are refused from now on, and what they watch ends. There is no way back.</p>
      </ConfirmByName>
    </li>
  )
}

/** A page of the API tokens that the person may see. */
export const createApiTokens = () => {
  const [cursors, go] = useCursors()
  const [result, retry] = createLiveQuery({ query: ApiTokensDocument, variables: () => pageOf(cursors()) })
  return { result, retry, go }
}

/** API tokens; how to make one, and how to be rid of one. */
export const ApiTokens = (props: { tokens: ReturnType<typeof createApiTokens> }) => {
  const [made, setMade] = createSignal<{ token: string; name: string }>()
  return (
    <>
      <Section title="API tokens">
        <p class="text-muted">A program sends one in your place: no password, and nothing that a browser keeps.</p>
        <Loaded
          data={props.tokens.result.data?.apiTokens}
          error={props.tokens.result.error}
          retry={props.tokens.retry}
          rows={2}
          isEmpty={({ edges }) => edges.length === 0}
          empty={<p class="text-muted">There is none.</p>}
        >
          {(list) => (
            <>
              <ul class="card divide-y divide-line" aria-label="API tokens">
                <For each={list.edges}>{(edge) => <Row token={edge.node} />}</For>
              </ul>
              <Pager info={list.pageInfo} go={props.tokens.go} />
            </>
          )}
        </Loaded>
        <div role="status">
          <Show when={made()} keyed>
            {(found) => <Made token={found.token} name={found.name} onClose={() => setMade(undefined)} />}
          </Show>
        </div>
      </Section>
      <Section title="Make a token">
        <Make onMade={(token, name) => setMade({ token, name })} />
      </Section>
    </>
  )
}
