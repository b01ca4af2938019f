import { createEffect, createSignal, on, onCleanup } from 'solid-js'

/** The value of `source` once it has stayed the same for `pause` milliseconds. */
export const createDebounced = <Value>(source: () => Value, pause = 400) => {
  const [value, setValue] = createSignal(source())
  createEffect(
    on(
      source,
      (next) => {
        const timer = setTimeout(() => setValue(() => next), pause)
        onCleanup(() => clearTimeout(timer))
      },
      { defer: true },
    ),
  )
  return value
}
