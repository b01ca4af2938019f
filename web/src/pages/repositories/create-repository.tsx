import { A, useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { CreateRepositoryDocument, type EncryptionMode } from '../../api/gql/graphql.ts'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { formColumn, Page } from '../../parts/page.tsx'
import { PathField } from '../../parts/path-field.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { paths } from '../../paths.ts'
import { encryptionModes } from '../../text/words.ts'
import { createPassphrase } from './passphrase-fields.tsx'

const modes = Object.keys(encryptionModes) as EncryptionMode[]

export default function CreateRepository() {
  const navigate = useNavigate()
  const action = createAction(CreateRepositoryDocument)
  const [name, setName] = createSignal('')
  const [location, setLocation] = createSignal('')
  const [encryption, setEncryption] = createSignal<EncryptionMode>('REPOKEY_BLAKE2')
  const secret = createPassphrase()
  const mode = () => encryptionModes[encryption()]

  const submit = async () => {
    const job = await action.run({
      input: {
        name: name(),
        location: location(),
        encryption: encryption(),
        passphrase: mode().hasPassphrase ? secret.passphrase() : null,
      },
    })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <Page
      title="Create repository"
      above={
        <A href={paths.repositories} class="w-fit text-accent hover:underline">
          Repositories
        </A>
      }
    >
      <Form
        class={formColumn}
        isRight={() => !mode().hasPassphrase || !secret.differs()}
        problems={[action.problem()]}
        onSubmit={submit}
      >
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
          hint="A new or empty folder on the server. It is made if it does not exist."
          problem={action.fieldProblem('location')}
        />
        <fieldset class="grid gap-2">
          <legend class="mb-1 font-medium">Encryption</legend>
          <For each={modes}>
            {(value) => (
              <label class="flex items-start gap-3 rounded-card border border-line bg-surface px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft">
                <input
                  type="radio"
                  name="encryption"
                  class="mt-1 size-4 shrink-0 accent-accent"
                  value={value}
                  checked={encryption() === value}
                  onChange={() => setEncryption(value)}
                  aria-describedby={`about-${value}`}
                  aria-label={encryptionModes[value].word}
                />
                <span>
                  <span class="block font-medium">{encryptionModes[value].word}</span>
                  <span id={`about-${value}`} class="block text-[13px] text-muted">
                    {encryptionModes[value].explanation}
                  </span>
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <Show
          when={mode().hasPassphrase}
          fallback={<Notice tone="warning">Anyone who can reach the folder can read and alter these backups.</Notice>}
        >
          <secret.Fields
            isRequired
            hint="Keep a copy somewhere else: without it nobody can open the backups, not even you."
            problem={action.fieldProblem('passphrase')}
          />
        </Show>
        <ProblemNotice problem={action.problem()} />
        <FormButtons word="Create repository" isPending={action.isPending()} back={paths.repositories} />
      </Form>
    </Page>
  )
}
