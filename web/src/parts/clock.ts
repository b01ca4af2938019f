import { createSignal } from 'solid-js'

const [now, setNow] = createSignal(Date.now())
setInterval(() => setNow(Date.now()), 1000)

/** Milliseconds since the epoch, each second anew: one clock for every time on the page. */
export { now }
