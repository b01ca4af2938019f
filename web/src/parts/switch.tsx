import { Switch as Kobalte } from '@kobalte/core/switch'

/** Something that is on or off, and changes at once. Its label is for screen readers. */
export const Switch = (props: {
  label: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
}) => (
  <Kobalte checked={props.isOn} disabled={props.isDisabled} onChange={props.onChange} class="relative inline-flex">
    <Kobalte.Label class="sr-only">{props.label}</Kobalte.Label>
    <Kobalte.Input class="peer" />
    <Kobalte.Control class="inline-flex h-6 w-10 cursor-pointer items-center rounded-full border border-edge bg-sunken px-0.5 transition-colors peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent data-checked:border-accent data-checked:bg-accent data-disabled:cursor-not-allowed data-disabled:opacity-60">
      <Kobalte.Thumb class="size-4 rounded-full bg-edge transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
    </Kobalte.Control>
  </Kobalte>
)
