import { A } from '@solidjs/router'
import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { SessionDocument, SetUpDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { paths } from '../../paths.ts'
import { Entrance } from './entrance.tsx'

/** The token of the one-time link stands behind `#`, which browsers do not send to servers. */
const tokenOfLink = () => new URLSearchParams(location.hash.slice(1)).get('token') ?? ''

export default function SetUp() {
  const [session] = createQuery({ query: SessionDocument, requestPolicy: 'cache-first' })
  const [linked, setLinked] = createSignal(tokenOfLink())
  const [setupToken, setSetupToken] = createSignal(linked())
  const [username, setUsername] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [repeated, setRepeated] = createSignal('')
  const [mismatch, setMismatch] = createSignal<string>()
  const action = createAction(SetUpDocument)

  // A link that is pasted while this page is open changes what stands behind `#` and loads nothing.
  const follow = () => {
    setLinked(tokenOfLink())
    setSetupToken(linked())
    action.setProblem(undefined)
  }
  onMount(() => window.addEventListener('hashchange', follow))
  onCleanup(() => window.removeEventListener('hashchange', follow))

  const isRight = () => {
    setMismatch(password() === repeated() ? undefined : 'The two passwords differ.')
    return mismatch() === undefined
  }
  const submit = async () => {
    const user = await action.run({ input: { setupToken: setupToken(), username: username(), password: password() } })
    if (user) location.replace(paths.overview)
  }

  return (
    <Entrance title="Set up Borgitory">
      <Show
        when={!session.data?.isSetUp}
        fallback={
          <Notice tone="good">
            <p>Borgitory is set up already.</p>
            <A href={paths.signIn} class="underline">
              Sign in
            </A>
          </Notice>
        }
      >
        <Form class="card grid gap-4 p-5" isRight={isRight} problems={[action.problem()]} onSubmit={submit}>
          <p class="text-muted">Choose the name and password of the administrator.</p>
          <ProblemNotice problem={action.problem()} />
          <Show when={!linked() || action.problem()}>
            <TextField
              label="Set-up token"
              name="setupToken"
              required
              isMono
              value={setupToken()}
              onInput={(event) => setSetupToken(event.currentTarget.value)}
              hint="The server prints a link with it when it starts for the first time."
              problem={action.fieldProblem('setupToken')}
            />
          </Show>
          <TextField
            label="Username"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            required
            value={username()}
            onInput={(event) => setUsername(event.currentTarget.value)}
            problem={action.fieldProblem('username')}
          />
          <TextField
            label="Password"
            name="password"
            type="password"
            autocomplete="new-password"
            required
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
            problem={action.fieldProblem('password')}
          />
          <TextField
            label="Password again"
            type="password"
            autocomplete="new-password"
            required
            value={repeated()}
            onInput={(event) => setRepeated(event.currentTarget.value)}
            problem={mismatch()}
          />
          <Button type="submit" look="primary" disabled={action.isPending()}>
            Set up
          </Button>
        </Form>
      </Show>
    </Entrance>
  )
}
