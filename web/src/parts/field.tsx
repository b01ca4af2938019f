import { createUniqueId, type JSX, Show, splitProps } from 'solid-js'

export interface FieldProps {
  label: string
  hint?: JSX.Element
  problem?: string
}

/** A label, its control, a hint below, and what is wrong with it. */
export const Frame = (props: FieldProps & { id: string; children: JSX.Element }) => (
  <div class="grid gap-1">
    <label for={props.id} class="justify-self-start font-medium">
      {props.label}
    </label>
    {props.children}
    <Show when={props.problem}>
      <p id={`${props.id}-problem`} class="text-failed">
        {props.problem}
      </p>
    </Show>
    <Show when={props.hint}>
      <p id={`${props.id}-hint`} class="text-[13px] text-muted">
        {props.hint}
      </p>
    </Show>
  </div>
)

/** What ties a control to its frame. */
export const describe = (id: string, props: FieldProps) => ({
  id,
  'aria-invalid': props.problem ? ('true' as const) : undefined,
  'aria-describedby':
    [props.problem && `${id}-problem`, props.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined,
})

/** One line of text. `action` stands at the end of the line, such as a button that picks a value. */
export const TextField = (
  props: FieldProps & JSX.InputHTMLAttributes<HTMLInputElement> & { action?: JSX.Element; isMono?: boolean },
) => {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'action', 'isMono', 'class'])
  return (
    <Frame id={id} label={own.label} hint={own.hint} problem={own.problem}>
      <div class="flex gap-2">
        <input
          autocomplete="off"
          spellcheck={false}
          {...rest}
          {...describe(id, own)}
          class={`control ${own.isMono ? 'font-mono' : ''} ${own.class ?? ''}`}
        />
        {own.action}
      </div>
    </Frame>
  )
}

/** Several lines of text. */
export const TextArea = (props: FieldProps & JSX.TextareaHTMLAttributes<HTMLTextAreaElement>) => {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'class'])
  return (
    <Frame id={id} label={own.label} hint={own.hint} problem={own.problem}>
      <textarea
        spellcheck={false}
        rows={5}
        {...rest}
        {...describe(id, own)}
        class={`control font-mono ${own.class ?? ''}`}
      />
    </Frame>
  )
}

/** One of a few values: the platform's own list, which every keyboard, phone and screen reader knows. */
export const Select = (props: FieldProps & JSX.SelectHTMLAttributes<HTMLSelectElement>) => {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'class'])
  return (
    <Frame id={id} label={own.label} hint={own.hint} problem={own.problem}>
      <select {...rest} {...describe(id, own)} class={`control ${own.class ?? ''}`} />
    </Frame>
  )
}
