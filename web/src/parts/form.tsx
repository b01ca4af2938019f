import { type JSX, Show } from 'solid-js'
import { Button, ButtonLink } from './button.tsx'
import { createProblemFocus } from './show-problem.ts'

/**
 * A form that is sent when all its fields may be. What is missing is told beside the fields, not by the browser's bubbles,
 * and the first of them has the focus then; the same where the server refuses it.
 */
export const Form = (props: {
  class: string
  /** Checks what no field can by itself, and shows beside it what it finds. */
  isRight?: () => boolean
  /** Why it was refused the last time. */
  problems: readonly unknown[]
  onSubmit: () => void
  onInput?: () => void
  children: JSX.Element
}) => {
  let form: HTMLFormElement | undefined
  const show = createProblemFocus(
    () => form,
    () => [...props.problems],
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    // A dialog may stand in a form of the page, which must not be sent.
    event.stopPropagation()
    // Both, so that everything is told at once.
    const isValid = form?.checkValidity() ?? true
    const isRight = props.isRight?.() ?? true
    if (isValid && isRight) props.onSubmit()
    else show()
  }
  return (
    <form ref={form} noValidate class={props.class} onSubmit={submit} onInput={() => props.onInput?.()}>
      {props.children}
    </form>
  )
}

/** What every form ends with, in this order: what it does, other ways, what became of it, and the way out. */
export const FormButtons = (props: {
  word: string
  isPending: boolean
  /** Where “Cancel” leads; a form that is part of a page has none. */
  back?: string
  children?: JSX.Element
}) => (
  <div class="flex flex-wrap items-center gap-2">
    <Button type="submit" look="primary" disabled={props.isPending}>
      {props.word}
    </Button>
    {props.children}
    <Show when={props.back}>
      {(href) => (
        <ButtonLink href={href()} look="quiet">
          Cancel
        </ButtonLink>
      )}
    </Show>
  </div>
)

/** The same in a dialog, at its end: the way out first, so that what it does is last. */
export const DialogButtons = (props: { onCancel: () => void; children: JSX.Element }) => (
  <div class="flex flex-wrap justify-end gap-2">
    <Button onClick={props.onCancel}>Cancel</Button>
    {props.children}
  </div>
)
