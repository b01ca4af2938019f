import CornerLeftUp from 'lucide-solid/icons/corner-left-up'
import Folder from 'lucide-solid/icons/folder'
import { createSignal, For, Show } from 'solid-js'
import { createQuery } from '../api/documents.ts'
import { FolderDocument } from '../api/gql/graphql.ts'
import { sayCount } from '../text/counts.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Form } from './form.tsx'
import { Empty, Failure, Skeleton } from './loading.tsx'
import { Notice } from './state-badge.tsx'

/** Lets a person walk through the folders of the server's machine and choose one, or several. */
export default function FolderPicker(props: {
  title: string
  start?: string
  isMultiple?: boolean
  onChoose: (paths: string[]) => void
  onClose: () => void
}) {
  const [path, setPath] = createSignal(props.start || '/')
  const [typed, setTyped] = createSignal(path())
  const [marked, setMarked] = createSignal<readonly string[]>([])
  const [result, refetch] = createQuery({
    query: FolderDocument,
    variables: () => ({ path: path() }),
    requestPolicy: 'network-only',
  })
  const answer = () => result.data?.folder
  const folder = () => {
    const found = answer()
    return found?.__typename === 'Folder' ? found : undefined
  }
  const problem = () => {
    const found = answer()
    return found?.__typename === 'LocationUnusable' ? found.message : undefined
  }
  let list: HTMLUListElement | undefined

  const open = (next: string) => {
    setPath(next)
    setTyped(next)
  }
  const mark = (wanted: string) =>
    setMarked((paths) => (paths.includes(wanted) ? paths.filter((other) => other !== wanted) : [...paths, wanted]))
  const choose = (paths: readonly string[]) => {
    props.onChoose([...paths])
    props.onClose()
  }

  /** Up and down walk through the folders, left goes to the parent. */
  const walk = (event: KeyboardEvent) => {
    const buttons = [...(list?.querySelectorAll<HTMLButtonElement>('button[data-folder]') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
    }
    const parent = folder()?.parent
    if (event.key === 'ArrowLeft' && parent) open(parent)
  }

  return (
    <Dialog
      title={props.title}
      isOpen
      onClose={props.onClose}
      footer={
        <Show
          when={props.isMultiple}
          fallback={
            <>
              <Button onClick={props.onClose}>Cancel</Button>
              <Button look="primary" disabled={!folder()} onClick={() => choose([folder()?.path ?? path()])}>
                Choose this folder
              </Button>
            </>
          }
        >
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            disabled={!folder() || marked().includes(folder()?.path ?? '')}
            onClick={() => choose([...marked(), folder()?.path ?? path()])}
          >
            Add this folder
          </Button>
          <Button look="primary" disabled={marked().length === 0} onClick={() => choose(marked())}>
            Add {sayCount(marked().length, 'marked folder')}
          </Button>
        </Show>
      }
    >
      <div class="grid gap-3">
        <Form class="" problems={[]} onSubmit={() => open(typed() || '/')}>
          <TextField
            label="Folder on the server"
            isMono
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
            action={<Button type="submit">Go</Button>}
          />
        </Form>
        <Show when={problem()}>
          {(message) => (
            <Notice tone="failed" role="alert">
              {message()}
            </Notice>
          )}
        </Show>
        <Show when={result.error}>
          {(error) => <Failure error={error()} retry={() => refetch({ requestPolicy: 'network-only' })} />}
        </Show>
        <Show
          when={folder()}
          fallback={
            <Show when={result.fetching}>
              <Skeleton />
            </Show>
          }
        >
          {(shown) => (
            <ul ref={list} onKeyDown={walk} aria-label={`Folders in ${shown().path}`} class="grid gap-0.5">
              <Show when={shown().parent}>
                {(parent) => (
                  <li>
                    <button
                      type="button"
                      data-folder
                      onClick={() => open(parent())}
                      class="flex w-full items-center gap-2.5 rounded-md px-2 py-2 text-left hover:bg-sunken"
                    >
                      <CornerLeftUp size={16} class="shrink-0 text-muted" aria-hidden="true" />
                      Up to <span class="font-mono">{parent()}</span>
                    </button>
                  </li>
                )}
              </Show>
              <For each={shown().folders}>
                {(entry) => (
                  <li class="flex items-center gap-1">
                    <Show when={props.isMultiple}>
                      <input
                        type="checkbox"
                        class="m-2 size-4 shrink-0 accent-accent"
                        aria-label={`Mark ${entry.path}`}
                        checked={marked().includes(entry.path)}
                        onChange={() => mark(entry.path)}
                      />
                    </Show>
                    <button
                      type="button"
                      data-folder
                      disabled={!entry.isReadable}
                      onClick={() => open(entry.path)}
                      class="flex min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 py-2 text-left hover:bg-sunken disabled:text-muted"
                    >
                      <Folder size={16} class="shrink-0 text-muted" aria-hidden="true" />
                      <span class="min-w-0 font-mono whitespace-pre-wrap">{entry.name}</span>
                      <Show when={!entry.isReadable}>
                        <span class="ml-auto text-[13px]">not readable</span>
                      </Show>
                    </button>
                  </li>
                )}
              </For>
              <Show when={shown().folders.length === 0}>
                <li>
                  <Empty title="No folders in here." />
                </li>
              </Show>
              <Show when={shown().isTruncated}>
                <li class="px-2 py-2 text-muted">Only the first 1,000 are shown. Type the path to go to another.</li>
              </Show>
            </ul>
          )}
        </Show>
      </div>
    </Dialog>
  )
}
