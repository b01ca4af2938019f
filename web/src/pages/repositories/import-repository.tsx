import { A, useNavigate } from '@solidjs/router'
import { createSignal } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { ImportRepositoryDocument } from '../../api/gql/graphql.ts'
import { Checkbox } from '../../parts/checkbox.tsx'
import { TextArea, TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { formColumn, Page } from '../../parts/page.tsx'
import { PathField } from '../../parts/path-field.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'

export default function ImportRepository() {
  const navigate = useNavigate()
  const action = createAction(ImportRepositoryDocument)
  const [name, setName] = createSignal('')
  const [location, setLocation] = createSignal('')
  const [passphrase, setPassphrase] = createSignal('')
  const [key, setKey] = createSignal('')
  const [isMoved, setMoved] = createSignal(false)

  const submit = async () => {
    const job = await action.run({
      input: {
        name: name(),
        location: location(),
        passphrase: passphrase() || null,
        key: key().trim() ? key() : null,
        isMoved: isMoved(),
      },
    })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <Page
      title="Import repository"
      above={
        <A href={paths.repositories} class="w-fit text-accent hover:underline">
          Repositories
        </A>
      }
    >
      <Form class={formColumn} problems={[action.problem()]} onSubmit={submit}>
        <p class="text-muted">
          For a repository that borg made before. Nothing in it is changed; its archives appear here.
        </p>
        <TextField
          label="Name"
          required
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
          hint="What you want to call it here."
          problem={action.fieldProblem('name')}
        />
        <PathField
          label="Path"
          value={location()}
          onChange={setLocation}
          hint="The folder on the server that holds the repository."
          problem={action.fieldProblem('location')}
        />
        <TextField
          label="Passphrase"
          type="password"
          autocomplete="off"
          value={passphrase()}
          onInput={(event) => setPassphrase(event.currentTarget.value)}
          hint="Leave it empty if the repository has none."
          problem={action.fieldProblem('passphrase')}
        />
        <TextArea
          label="Key"
          value={key()}
          onInput={(event) => setKey(event.currentTarget.value)}
          hint="Only for a repository whose key is in a file: paste what “borg key export” printed."
          problem={action.fieldProblem('key')}
        />
        <Checkbox
          label="I have moved this repository"
          isChecked={isMoved()}
          onChange={setMoved}
          hint="Needed where Borgitory has used it at another path before. Tick this only if you moved it yourself: otherwise somebody may have put another repository there, to get your backups."
        />
        <ProblemNotice problem={action.problem()} />
        <FormButtons word="Import repository" isPending={action.isPending()} back={paths.repositories} />
      </Form>
    </Page>
  )
}
