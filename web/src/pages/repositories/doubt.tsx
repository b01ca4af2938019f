import { useNavigate } from '@solidjs/router'
import { createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { AcceptRepositoryDocument, type RepositoryDoubt, type RepositoryRowFragment } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { paths } from '../../paths.ts'
import { doubts } from '../../text/doubts.ts'

const ConfirmByName = lazy(async () => ({ default: (await import('../../parts/confirm-by-name.tsx')).ConfirmByName }))

/** How to confirm that what is at a repository’s place is to be taken for it. */
export const Doubt = (props: { repository: RepositoryRowFragment; doubt: RepositoryDoubt; foundBorgId: string }) => {
  const navigate = useNavigate()
  const action = createAction(AcceptRepositoryDocument)
  const [isOpen, setOpen] = createSignal(false)
  const words = () => doubts[props.doubt]
  const accept = async () => {
    const { repository, doubt, foundBorgId } = props
    const job = await action.run({ input: { repositoryId: repository.id, doubt, borgId: foundBorgId } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <>
      <Button acts onClick={() => setOpen(true)}>
        {words().word}…
      </Button>
      <Show when={isOpen()}>
        <Suspense>
          <ConfirmByName
            title={`${words().word}?`}
            name={props.repository.name}
            word={words().word}
            isOpen
            isPending={action.isPending()}
            problem={action.problem()}
            onConfirm={accept}
            onClose={() => setOpen(false)}
          >
            <p>
              Confirm this only if {words().onlyIf}. If not, somebody may have put it there to get your backups: close
              this, and find out who.
            </p>
            <Facts
              facts={[
                {
                  name: 'Path',
                  value: <span class="font-mono text-[13px] break-all">{props.repository.location}</span>,
                },
                {
                  name: 'Id of what is there',
                  value: <span class="font-mono text-[13px] break-all">{props.foundBorgId}</span>,
                  note: props.foundBorgId === props.repository.borgId ? 'the id that is known' : undefined,
                },
              ]}
            />
            <ul class="grid list-disc gap-1 pl-5">
              <For each={words().consequences}>{(sentence) => <li>{sentence}</li>}</For>
            </ul>
          </ConfirmByName>
        </Suspense>
      </Show>
    </>
  )
}
