import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import { createSignal, onCleanup, Show } from 'solid-js'
import { Button } from './button.tsx'

/** Over plain HTTP from another machine a browser hides `navigator.clipboard`; the old way still works there. */
const writeClipboard = async (text: string) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** Copies `text`, and says so. */
export const CopyButton = (props: { text: () => string | Promise<string>; label: string; isDisabled?: boolean }) => {
  const [isCopied, setCopied] = createSignal(false)
  let timer: ReturnType<typeof setTimeout>
  onCleanup(() => clearTimeout(timer))
  const copy = async () => {
    await writeClipboard(await props.text())
    setCopied(true)
    clearTimeout(timer)
    timer = setTimeout(() => setCopied(false), 2000)
  }
  return (
    <Button look="quiet" onClick={copy} disabled={props.isDisabled} aria-label={props.label} title={props.label}>
      <Show when={isCopied()} fallback={<Copy size={16} aria-hidden="true" />}>
        <Check size={16} class="text-good" aria-hidden="true" />
      </Show>
      <span aria-live="polite">{isCopied() ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}
