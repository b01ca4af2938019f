import { createSignal, For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import {
  CreateUserDocument,
  DeleteUserDocument,
  PeopleDocument,
  type PersonRowFragment,
  type UserRole,
} from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { isSelf } from '../../api/rights.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmByName } from '../../parts/confirm-by-name.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { Loaded, Skeleton } from '../../parts/loading.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { Pager, pageOf, useCursors } from '../../parts/pager.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Time } from '../../parts/time.tsx'
import { createNewPassword } from './new-password.tsx'
import { roles } from './words.ts'

const Make = () => {
  const action = createAction(CreateUserDocument)
  const [username, setUsername] = createSignal('')
  const [role, setRole] = createSignal<UserRole>('VIEWER')
  const [made, setMade] = createSignal('')
  const next = createNewPassword('Password')
  const submit = async () => {
    setMade('')
    const person = await action.run({ input: { username: username(), password: next.password(), role: role() } })
    if (!person) return
    setUsername('')
    next.clear()
    setMade(person.username)
  }
  return (
    <Form
      class={formColumn}
      isRight={next.isRight}
      problems={[action.problem()]}
      onSubmit={submit}
      onInput={() => setMade('')}
    >
      <TextField
        label="Username"
        autocapitalize="none"
        required
        value={username()}
        onInput={(event) => setUsername(event.currentTarget.value)}
        problem={action.fieldProblem('username')}
      />
      <next.Fields problem={action.fieldProblem('password')} />
      <Select
        label="Role"
        class="max-w-60"
        hint={roles[role()].explanation}
        onChange={(event) => setRole(event.currentTarget.value as UserRole)}
      >
        <For each={Object.entries(roles)}>
          {([value, { word }]) => (
            <option value={value} selected={value === role()}>
              {word}
            </option>
          )}
        </For>
      </Select>
      <ProblemNotice problem={action.problem()} />
      <FormButtons word="Add person" isPending={action.isPending()}>
        <span role="status" class="text-good">
          {made() ? `${made()} may sign in now, and change that password.` : ''}
        </span>
      </FormButtons>
    </Form>
  )
}

const Row = (props: { person: PersonRowFragment }) => {
  const action = createAction(DeleteUserDocument)
  const [isOpen, setOpen] = createSignal(false)
  const remove = async () => {
    if (await action.run({ input: { id: props.person.id } })) setOpen(false)
  }
  return (
    <li class="flex min-h-15 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span class="min-w-0 font-medium break-words">{props.person.username}</span>
      <span class="text-muted">{roles[props.person.role].word}</span>
      <span class="text-[13px] text-muted">
        since <Time at={props.person.createdAt} />
      </span>
      <Show when={!isSelf(props.person.id)} fallback={<span class="ml-auto text-muted">You</span>}>
        <Button
          look="danger"
          class="ml-auto"
          aria-label={`Remove ${props.person.username}…`}
          onClick={() => setOpen(true)}
        >
          Remove…
        </Button>
      </Show>
      <ConfirmByName
        title={`Remove ${props.person.username}?`}
        name={props.person.username}
        word="Remove person"
        isOpen={isOpen()}
        isPending={action.isPending()}
        problem={action.problem()}
        onConfirm={remove}
        onClose={() => setOpen(false)}
      >
        <p>
          They are signed out at once, and their API tokens are refused. Their jobs stay, but say no more who asked for
          them.
        </p>
      </ConfirmByName>
    </li>
  )
}

/** Those who may sign in. */
export default function People() {
  const [cursors, go] = useCursors()
  const [result, retry] = createLiveQuery({ query: PeopleDocument, variables: () => pageOf(cursors()) })
  return (
    <Show when={areSettled(result)} fallback={<Skeleton />}>
      <div class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8">
        <Section title="People">
          <Loaded data={result.data?.users} error={result.error} retry={retry} rows={2}>
            {(list) => (
              <>
                <ul class="card divide-y divide-line" aria-label="People">
                  <For each={list.edges}>{(edge) => <Row person={edge.node} />}</For>
                </ul>
                <Pager info={list.pageInfo} go={go} newer="Previous" older="Next" />
              </>
            )}
          </Loaded>
        </Section>
        <Section title="Add a person">
          <Make />
        </Section>
      </div>
    </Show>
  )
}
