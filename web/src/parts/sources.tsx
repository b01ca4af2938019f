import X from 'lucide-solid/icons/x'
import { createSignal, For, lazy, Show, Suspense } from 'solid-js'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'

const FolderPicker = lazy(() => import('./folder-picker.tsx'))

/**
 * The folders of a backup: typed or picked. `paths()` counts in what is typed and not added yet; `areMissing()` checks
 * that there is one, and shows what it found.
 */
export const createSources = (start: readonly string[]) => {
  const [added, setAdded] = createSignal(start)
  const [typed, setTyped] = createSignal('')
  const [isPicking, setPicking] = createSignal(false)
  const [isMissing, setMissing] = createSignal(false)
  let field: HTMLInputElement | undefined
  const paths = () => [...new Set([...added(), typed().trim()])].filter((path) => path !== '')
  const add = (more: readonly string[]) => setAdded((known) => [...new Set([...known, ...more])])
  const addTyped = () => {
    setAdded(paths())
    setTyped('')
  }

  return {
    paths,
    areMissing: () => setMissing(paths().length === 0),
    focus: () => field?.focus(),
    Fields: (props: { problem?: string }) => (
      <>
        <Show when={added().length > 0}>
          <ul aria-label="Folders to back up" class="card divide-y divide-line">
            <For each={added()}>
              {(source) => (
                <li class="flex items-center gap-2 py-1 pr-1 pl-3">
                  <span class="min-w-0 flex-1 font-mono whitespace-pre-wrap">{source}</span>
                  <Button
                    look="quiet"
                    aria-label={`Remove ${source}`}
                    onClick={() => setAdded((known) => known.filter((other) => other !== source))}
                  >
                    <X size={16} aria-hidden="true" />
                  </Button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <TextField
          ref={field}
          label="Folder"
          isMono
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || typed().trim() === '') return
            event.preventDefault()
            addTyped()
          }}
          hint="A path on the server. Everything below it is backed up."
          problem={isMissing() && paths().length === 0 ? 'Add at least one folder.' : props.problem}
          action={
            <>
              <Button onClick={addTyped} disabled={typed().trim() === ''}>
                Add
              </Button>
              <Button onClick={() => setPicking(true)}>Browse…</Button>
            </>
          }
        />
        <Show when={isPicking()}>
          <Suspense>
            <FolderPicker
              title="Choose folders on the server"
              isMultiple
              start={
                added()
                  .at(-1)
                  ?.replace(/\/[^/]*$/, '') || '/'
              }
              onChoose={add}
              onClose={() => setPicking(false)}
            />
          </Suspense>
        </Show>
      </>
    ),
  }
}
