import { createEffect, on } from 'solid-js'

/**
 * Leads to what a form was refused for, which may be far from its button: the focus goes to the first field that is
 * marked, or to the button where it is about none, beside which it is told. The returned function does so when called.
 */
export const createProblemFocus = (form: () => HTMLFormElement | undefined, problems: () => unknown[]) => {
  const show = () => {
    const field = form()?.querySelector<HTMLElement>('[aria-invalid=true]')
    const closed = field?.closest('details')
    if (closed) closed.open = true
    if (field) field.focus()
    else if (problems().some(Boolean)) form()?.querySelector<HTMLElement>('[type=submit]')?.focus()
  }
  createEffect(on(problems, show, { defer: true }))
  return show
}
