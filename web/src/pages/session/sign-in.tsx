import { Navigate, useSearchParams } from '@solidjs/router'
import { createSignal, onMount, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { SessionDocument, SignInDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths, returnPath } from '../../paths.ts'
import { Entrance } from './entrance.tsx'

export default function SignIn() {
  const [search] = useSearchParams<{ to?: string }>()
  const [session] = createQuery({ query: SessionDocument, requestPolicy: 'cache-first' })
  const [username, setUsername] = createSignal('')
  const [password, setPassword] = createSignal('')
  const action = createAction(SignInDocument)
  let first: HTMLInputElement | undefined
  let second: HTMLInputElement | undefined
  onMount(() => first?.focus())

  const submit = async () => {
    const user = await action.run({ input: { username: username(), password: password() } })
    // A new page, so that queries and the live connection start with the new session.
    if (user) location.assign(returnPath(search.to, location.origin))
    else {
      setPassword('')
      second?.focus()
    }
  }

  return (
    <Show when={session.data?.isSetUp !== false} fallback={<Navigate href={paths.setUp} />}>
      <Entrance title="Sign in to Borgitory">
        <Form class="card grid gap-4 p-5" problems={[]} onSubmit={submit}>
          <ProblemNotice problem={action.problem()} />
          <TextField
            ref={first}
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
            ref={second}
            label="Password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={password()}
            onInput={(event) => setPassword(event.currentTarget.value)}
            problem={action.fieldProblem('password')}
          />
          <Button type="submit" look="primary" disabled={action.isPending()}>
            Sign in
          </Button>
        </Form>
      </Entrance>
    </Show>
  )
}
