import { For } from 'solid-js'
import { Dialog } from './dialog.tsx'
import { shortcuts } from './keyboard.ts'

/** What the keyboard can do. */
export default function Help(props: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" isOpen onClose={props.onClose}>
      <dl class="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2.5">
        <For each={shortcuts}>
          {({ keys, does }) => (
            <>
              <dt class="flex gap-1">
                <For each={keys}>
                  {(key) => (
                    <kbd class="rounded border border-edge bg-sunken px-1.5 py-0.5 font-mono text-[13px]">{key}</kbd>
                  )}
                </For>
              </dt>
              <dd>{does}</dd>
            </>
          )}
        </For>
      </dl>
    </Dialog>
  )
}
