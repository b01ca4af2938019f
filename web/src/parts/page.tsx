import { createEffect, type JSX, onCleanup, Show } from 'solid-js'

/** The column of a form: lines that can be read, below a title that stands where all titles do. */
export const formColumn = 'grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-5'

/** A page's frame: its heading, which is the tab's title too, and what can be done. */
export const Page = (props: {
  title: string
  above?: JSX.Element
  beside?: JSX.Element
  actions?: JSX.Element
  children: JSX.Element
}) => {
  createEffect(() => {
    document.title = `${props.title} · Borgitory`
  })
  onCleanup(() => {
    document.title = 'Borgitory'
  })
  return (
    <div class="mx-auto grid w-full max-w-6xl min-w-0 grid-cols-[minmax(0,1fr)] gap-5">
      <header class="grid gap-1">
        {/* There on every page, so that titles stand at the same place. */}
        <div class="min-h-[1lh]">{props.above}</div>
        <div class="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2">
          <h1 class="min-w-0">{props.title}</h1>
          {props.beside}
          <Show when={props.actions}>
            <div class="ml-auto flex flex-wrap gap-2">{props.actions}</div>
          </Show>
        </div>
      </header>
      {props.children}
    </div>
  )
}

/** A part of a page under its own heading. */
export const Section = (props: { title: string; beside?: JSX.Element; children: JSX.Element }) => (
  <section class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2.5">
    <div class="flex flex-wrap items-center gap-3">
      <h2>{props.title}</h2>
      {props.beside}
    </div>
    {props.children}
  </section>
)
