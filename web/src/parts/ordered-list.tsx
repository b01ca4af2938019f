import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import X from 'lucide-solid/icons/x'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { Button } from './button.tsx'

/** Items whose order matters: moved by buttons, or by Alt and an arrow key from anywhere in the item but a list. */
export const OrderedList = <Item,>(props: {
  label: string
  /** What one item is called: `Rule`. */
  word: string
  items: readonly Item[]
  onMove: (index: number, by: number) => void
  onRemove: (index: number) => void
  children: (item: Item, index: () => number, buttons: JSX.Element) => JSX.Element
}) => {
  const [said, setSaid] = createSignal('')
  let list: HTMLOListElement | undefined

  /** Moved in the document, an element loses the focus. */
  const move = (index: number, by: number) => {
    const target = index + by
    if (target < 0 || target >= props.items.length) return
    const focused = document.activeElement
    props.onMove(index, by)
    setSaid(`${props.word} moved to place ${target + 1} of ${props.items.length}.`)
    if (focused instanceof HTMLElement) focused.focus()
  }
  const remove = (index: number) => {
    props.onRemove(index)
    setSaid(`${props.word} removed.`)
    const rest = list?.querySelectorAll<HTMLElement>('[data-remove]')
    rest?.[Math.min(index, rest.length - 1)]?.focus()
  }
  const press = (event: KeyboardEvent, index: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    // Alt and an arrow open a list of choices.
    if (!event.altKey || !by || event.target instanceof HTMLSelectElement) return
    event.preventDefault()
    move(index, by)
  }

  return (
    <>
      <Show when={props.items.length > 0}>
        <ol ref={list} aria-label={props.label} class="card grid grid-cols-[minmax(0,1fr)] divide-y divide-line">
          <For each={props.items}>
            {(item, index) => (
              <li class="px-3 py-3" onKeyDown={(event) => press(event, index())}>
                {props.children(
                  item,
                  index,
                  <div class="flex shrink-0 items-start">
                    <Button
                      look="quiet"
                      class="px-2! aria-disabled:opacity-40"
                      aria-label={`Move ${props.word.toLowerCase()} ${index() + 1} up`}
                      title="Move up (Alt and arrow up)"
                      aria-disabled={index() === 0}
                      onClick={() => move(index(), -1)}
                    >
                      <ArrowUp size={16} aria-hidden="true" />
                    </Button>
                    <Button
                      look="quiet"
                      class="px-2! aria-disabled:opacity-40"
                      aria-label={`Move ${props.word.toLowerCase()} ${index() + 1} down`}
                      title="Move down (Alt and arrow down)"
                      aria-disabled={index() === props.items.length - 1}
                      onClick={() => move(index(), 1)}
                    >
                      <ArrowDown size={16} aria-hidden="true" />
                    </Button>
                    <Button
                      look="quiet"
                      class="px-2!"
                      data-remove
                      aria-label={`Remove ${props.word.toLowerCase()} ${index() + 1}`}
                      title="Remove"
                      onClick={() => remove(index())}
                    >
                      <X size={16} aria-hidden="true" />
                    </Button>
                  </div>,
                )}
              </li>
            )}
          </For>
        </ol>
      </Show>
      <p role="status" class="sr-only">
        {said()}
      </p>
    </>
  )
}
