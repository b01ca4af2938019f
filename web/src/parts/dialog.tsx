import { Dialog as Kobalte } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { type JSX, onCleanup } from 'solid-js'

/** A dialog over the page. Esc closes it and the focus goes back to where it was. */
export const Dialog = (props: {
  title: string
  isOpen: boolean
  onClose: () => void
  children: JSX.Element
  footer?: JSX.Element
}) => {
  // Kobalte gives the focus back when it is closed, but not when it is taken from the page while it is open.
  const opener = document.activeElement
  onCleanup(() => {
    if (!props.isOpen) return
    setTimeout(() => {
      if (opener instanceof HTMLElement && document.activeElement === document.body) opener.focus()
    })
  })
  return (
    <Kobalte open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="fixed inset-0 z-40 bg-scrim" />
        <div class="fixed inset-0 z-50 grid items-end justify-items-center sm:items-center sm:p-4">
          <Kobalte.Content class="card flex max-h-[90dvh] w-full max-w-xl flex-col shadow-xl">
            <div class="flex items-center gap-3 border-b border-line px-4 py-3">
              <Kobalte.Title class="min-w-0 flex-1">{props.title}</Kobalte.Title>
              <Kobalte.CloseButton
                aria-label="Close"
                class="rounded-md p-1.5 text-muted hover:bg-sunken hover:text-ink"
              >
                <X size={18} aria-hidden="true" />
              </Kobalte.CloseButton>
            </div>
            <div class="min-h-0 flex-1 overflow-y-auto px-4 py-4">{props.children}</div>
            {props.footer && (
              <div class="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{props.footer}</div>
            )}
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  )
}
