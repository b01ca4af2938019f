import { createSignal, type JSX, lazy, Show, Suspense } from 'solid-js'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'

const FolderPicker = lazy(() => import('./folder-picker.tsx'))

/** A folder on the server: typed, or picked. */
export const PathField = (props: {
  label: string
  value: string
  onChange: (path: string) => void
  hint?: JSX.Element
  problem?: string
}) => {
  const [isPicking, setPicking] = createSignal(false)
  return (
    <>
      <TextField
        label={props.label}
        isMono
        required
        value={props.value}
        onInput={(event) => props.onChange(event.currentTarget.value)}
        hint={props.hint}
        problem={props.problem}
        action={<Button onClick={() => setPicking(true)}>Browse…</Button>}
      />
      <Show when={isPicking()}>
        <Suspense>
          <FolderPicker
            title="Choose a folder on the server"
            start={props.value.startsWith('/') ? props.value : '/'}
            onChoose={([path]) => path && props.onChange(path)}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      </Show>
    </>
  )
}
