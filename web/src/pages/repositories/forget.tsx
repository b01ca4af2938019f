import { useNavigate } from '@solidjs/router'
import { createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { DeleteRepositoryDocument, RepositoryFateDocument, type RepositoryRowFragment } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { Skeleton } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { encryptionModes } from '../../text/words.ts'
import { sayFate } from './fate.ts'

const ConfirmByName = lazy(async () => ({ default: (await import('../../parts/confirm-by-name.tsx')).ConfirmByName }))

/** What goes with a repository, what stays, and what can be had again. */
const Fate = (props: { repository: RepositoryRowFragment }) => {
  const [result] = createQuery({
    query: RepositoryFateDocument,
    variables: () => ({ id: props.repository.id }),
    requestPolicy: 'network-only',
  })
  const mode = () => props.repository.encryption && encryptionModes[props.repository.encryption]
  const needed = () => {
    if (mode()?.hasPassphrase === false) return 'You can'
    return mode()?.hasKeyFile ? 'With its key file and its passphrase you can' : 'With its passphrase you can'
  }
  return (
    <ul class="grid list-disc gap-1 pl-5">
      <Show
        when={result.data}
        fallback={
          <Show when={!result.error} fallback={<li>Its plans go with it, with their schedules and hooks.</li>}>
            <Skeleton rows={2} />
          </Show>
        }
      >
        {(data) => <For each={sayFate(data())}>{(sentence) => <li>{sentence}</li>}</For>}
      </Show>
      <li>
        Its list of archives{mode()?.hasPassphrase === false ? ' is' : ' and the passphrase that is kept here are'}{' '}
        deleted.
      </li>
      <li>
        The files in <span class="font-mono">{props.repository.location}</span> stay as they are. {needed()} import the
        repository again, but not its plans, schedules and hooks: those would have to be made again.
      </li>
    </ul>
  )
}

/** How to have Borgitory forget a repository. */
export const Forget = (props: { repository: RepositoryRowFragment }) => {
  const navigate = useNavigate()
  const action = createAction(DeleteRepositoryDocument)
  const [isOpen, setOpen] = createSignal(false)
  const forget = async () => {
    if (await action.run({ input: { id: props.repository.id } })) navigate(paths.repositories)
  }
  return (
    <Section title="Forget this repository">
      <p class="text-muted">
        Borgitory stops managing it, and deletes its plans, their schedules and hooks, and the passphrase that it keeps.
        The repository itself stays where it is.
      </p>
      <div>
        <Button look="danger" onClick={() => setOpen(true)}>
          Forget repository…
        </Button>
      </div>
      <Show when={isOpen()}>
        <Suspense>
          <ConfirmByName
            title={`Forget ${props.repository.name}?`}
            name={props.repository.name}
            word="Forget repository"
            isOpen
            isPending={action.isPending()}
            problem={action.problem()}
            onConfirm={forget}
            onClose={() => setOpen(false)}
          >
            <Fate repository={props.repository} />
          </ConfirmByName>
        </Suspense>
      </Show>
    </Section>
  )
}
