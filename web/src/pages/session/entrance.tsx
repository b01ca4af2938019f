import { createEffect, type JSX } from 'solid-js'

/** The frame of the two pages that are seen before someone is signed in. */
export const Entrance = (props: { title: string; children: JSX.Element }) => {
  createEffect(() => {
    document.title = `${props.title} · Borgitory`
  })
  return (
    <main class="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-5 px-4 py-8">
      <div class="flex items-center gap-3">
        <img src="/icon.svg" alt="" width="32" height="32" />
        <h1>{props.title}</h1>
      </div>
      {props.children}
    </main>
  )
}
