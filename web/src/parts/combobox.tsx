import { Combobox as Kobalte } from '@kobalte/core/combobox'
import Check from 'lucide-solid/icons/check'
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down'
import { type JSX, Show } from 'solid-js'

/** One of many values, found by typing a part of it. */
export const Combobox = (props: {
  label: string
  options: string[]
  value: string
  onChange: (value: string) => void
  hint?: JSX.Element
  problem?: string
}) => (
  <Kobalte<string>
    class="grid gap-1"
    options={props.options}
    value={props.value}
    onChange={(value) => value !== null && props.onChange(value)}
    defaultFilter="contains"
    disallowEmptySelection
    triggerMode="focus"
    validationState={props.problem ? 'invalid' : 'valid'}
    gutter={4}
    itemComponent={(item) => (
      <Kobalte.Item
        item={item.item}
        class="flex cursor-pointer items-center justify-between gap-3 rounded-md px-2.5 py-1.5 data-highlighted:bg-accent-soft data-highlighted:outline-none"
      >
        <Kobalte.ItemLabel>{item.item.rawValue}</Kobalte.ItemLabel>
        <Kobalte.ItemIndicator>
          <Check size={16} aria-hidden="true" />
        </Kobalte.ItemIndicator>
      </Kobalte.Item>
    )}
  >
    <Kobalte.Label class="justify-self-start font-medium">{props.label}</Kobalte.Label>
    <Kobalte.Control class="relative">
      <Kobalte.Input class="control pr-9" />
      <Kobalte.Trigger
        tabIndex={-1}
        class="absolute inset-y-0 right-0 flex items-center px-2.5 text-muted hover:text-ink"
        aria-label="Show all"
      >
        <ChevronsUpDown size={16} aria-hidden="true" />
      </Kobalte.Trigger>
    </Kobalte.Control>
    <Show when={props.problem}>
      <Kobalte.ErrorMessage class="text-failed">{props.problem}</Kobalte.ErrorMessage>
    </Show>
    <Show when={props.hint}>
      <Kobalte.Description class="text-[13px] text-muted">{props.hint}</Kobalte.Description>
    </Show>
    {/* Within the page's landmark, where screen readers look for it. */}
    <Kobalte.Portal mount={document.getElementById('main') ?? undefined}>
      {/* Above the bar that narrow screens have at the bottom. The focus stays in the field when a value is pressed. */}
      <div class="relative z-40">
        <Kobalte.Content class="card shadow-xl" onMouseDown={(event: MouseEvent) => event.preventDefault()}>
          <Kobalte.Listbox class="max-h-72 overflow-y-auto p-1 outline-none" />
        </Kobalte.Content>
      </div>
    </Kobalte.Portal>
  </Kobalte>
)
