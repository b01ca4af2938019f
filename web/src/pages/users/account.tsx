import { createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { ChangePasswordDocument } from '../../api/gql/graphql.ts'
import { areSettled } from '../../api/live-query.ts'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Skeleton } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { ApiTokens, createApiTokens } from './api-tokens.tsx'
import { createNewPassword } from './new-password.tsx'

const Password = () => {
  const action = createAction(ChangePasswordDocument)
  const [current, setCurrent] = createSignal('')
  const [isSaved, setSaved] = createSignal(false)
  const next = createNewPassword('New password')
  const submit = async () => {
    setSaved(false)
    if (!(await action.run({ input: { currentPassword: current(), newPassword: next.password() } }))) return
    setCurrent('')
    next.clear()
    setSaved(true)
  }
  return (
    <Form
      class={formColumn}
      isRight={next.isRight}
      problems={[action.problem()]}
      onSubmit={submit}
      onInput={() => setSaved(false)}
    >
      <TextField
        label="Current password"
        type="password"
        autocomplete="current-password"
        required
        value={current()}
        onInput={(event) => setCurrent(event.currentTarget.value)}
        problem={action.fieldProblem('currentPassword')}
      />
      <next.Fields problem={action.fieldProblem('newPassword')} />
      <ProblemNotice problem={action.problem()} />
      <FormButtons word="Change password" isPending={action.isPending()}>
        <span role="status" class="text-good">
          {isSaved() ? 'Changed. Everywhere else you are signed out; API tokens stay.' : ''}
        </span>
      </FormButtons>
    </Form>
  )
}

/** What belongs to the person who is signed in. */
export default function Account() {
  const tokens = createApiTokens()
  return (
    <Show when={areSettled(tokens.result)} fallback={<Skeleton />}>
      <div class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8">
        <ApiTokens tokens={tokens} />
        <Section title="Password">
          <Password />
        </Section>
      </div>
    </Show>
  )
}
