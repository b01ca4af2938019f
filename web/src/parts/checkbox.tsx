import { createUniqueId, type JSX, Show } from 'solid-js'

/** A box to tick, with its words beside it and what they mean below. */
export const Checkbox = (props: {
  label: string
  hint?: JSX.Element
  isChecked: boolean
  onChange: (isChecked: boolean) => void
}) => {
  const id = createUniqueId()
  return (
    <label class="flex w-fit items-start gap-2.5">
      <input
        type="checkbox"
        class="mt-0.5 size-4 shrink-0 accent-accent"
        checked={props.isChecked}
        aria-label={props.label}
        aria-describedby={props.hint ? id : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <Show when={props.hint}>
          <span id={id} class="block text-[13px] text-muted">
            {props.hint}
          </span>
        </Show>
      </span>
    </label>
  )
}
