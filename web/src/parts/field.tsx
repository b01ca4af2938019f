import { createEffect, createSignal, createUniqueId, type JSX, on, Show, splitProps } from 'solid-js'
import { sayInvalid } from '../text/validity.ts'

export interface FieldProps {
  label: string
  hint?: JSX.Element
  problem?: string
}

/**
 * What a field knows of itself: what it was refused for, by the server or, once its form is to be sent, by its own rules
 * such as `required`. The latter is gone as soon as the value is another one.
 */
export const createField = (props: Pick<FieldProps, 'hint' | 'problem'> & { value?: unknown }) => {
  const id = createUniqueId()
  const [own, setOwn] = createSignal<string>()
  const problem = () => own() ?? props.problem
  createEffect(
    on(
      () => props.value,
      () => setOwn(undefined),
      { defer: true },
    ),
  )
  return {
    id,
    problem,
    /** What ties the control to its frame. */
    attributes: () => ({
      id,
      'aria-invalid': problem() ? ('true' as const) : undefined,
      'aria-describedby':
        [problem() && `${id}-problem`, props.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined,
    }),
    /** Watches the controls in this element. */
    watch: (frame: HTMLElement) => {
      // `invalid` does not bubble.
      frame.addEventListener(
        'invalid',
        ({ target }) => setOwn(target instanceof HTMLElement ? sayInvalid(target) : undefined),
        true,
      )
      frame.addEventListener('input', () => setOwn(undefined))
    },
  }
}

/** What is wrong with a field, beside it. */
export const FieldProblem = (props: { of: ReturnType<typeof createField>; class?: string }) => (
  <Show when={props.of.problem()}>
    <p id={`${props.of.id}-problem`} class={`text-failed ${props.class ?? ''}`}>
      {props.of.problem()}
    </p>
  </Show>
)

/** A label, its control, what is wrong with it, and a hint below. */
export const Frame = (props: {
  of: ReturnType<typeof createField>
  label: string
  hint: JSX.Element | undefined
  children: JSX.Element
}) => (
  <div ref={props.of.watch} class="grid gap-1">
    <label for={props.of.id} class="justify-self-start font-medium">
      {props.label}
    </label>
    {props.children}
    <FieldProblem of={props.of} />
    <Show when={props.hint}>
      <p id={`${props.of.id}-hint`} class="text-[13px] text-muted">
        {props.hint}
      </p>
    </Show>
  </div>
)

/** One line of text. `action` stands at the end of the line, such as a button that picks a value. */
export const TextField = (
  props: FieldProps & JSX.InputHTMLAttributes<HTMLInputElement> & { action?: JSX.Element; isMono?: boolean },
) => {
  const field = createField(props)
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'action', 'isMono', 'class'])
  return (
    <Frame of={field} label={own.label} hint={own.hint}>
      <div class="flex gap-2">
        <input
          autocomplete="off"
          spellcheck={false}
          {...rest}
          {...field.attributes()}
          class={`control ${own.isMono ? 'font-mono' : ''} ${own.class ?? ''}`}
        />
        {own.action}
      </div>
    </Frame>
  )
}

/** Several lines of text. */
export const TextArea = (props: FieldProps & JSX.TextareaHTMLAttributes<HTMLTextAreaElement>) => {
  const field = createField(props)
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'class'])
  return (
    <Frame of={field} label={own.label} hint={own.hint}>
      <textarea
        spellcheck={false}
        rows={5}
        {...rest}
        {...field.attributes()}
        class={`control font-mono ${own.class ?? ''}`}
      />
    </Frame>
  )
}

/** One of a few values: the platform's own list, which every keyboard, phone and screen reader knows. */
export const Select = (props: FieldProps & JSX.SelectHTMLAttributes<HTMLSelectElement>) => {
  const field = createField(props)
  const [own, rest] = splitProps(props, ['label', 'hint', 'problem', 'class'])
  return (
    <Frame of={field} label={own.label} hint={own.hint}>
      <select {...rest} {...field.attributes()} class={`control ${own.class ?? ''}`} />
    </Frame>
  )
}
