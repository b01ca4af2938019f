import { createClient } from 'graphql-ws/client'
import { createSignal } from 'solid-js'
import { retryDelay } from './retry-delay.ts'

const [isLost, setLost] = createSignal(false)
const [misses, setMisses] = createSignal(0)
const [isWatching, setWatching] = createSignal(false)

/**
 * `isLost`: true from the moment the connection breaks until it is back. `misses` grows each time that announcements
 * may have been missed: what is on the page has to be read again then. `isWatching`: whether the server has begun to
 * watch for what the page subscribed to, or is too long about it to wait for with the first reading.
 */
export { isLost, isWatching, misses }

/** Milliseconds that a first reading waits for the server to watch, where the connection does not break. */
export const patience = 5000

/** Says that announcements may have been missed. */
export const announceMiss = () => setMisses((count) => count + 1)

/** Seconds between pings, and how long an answer may take: a laptop that wakes up holds a dead socket. */
const pingEvery = 10
const pongWithin = 5

let overdue: ReturnType<typeof setTimeout> | undefined
let skipWait = () => {}

/** The one WebSocket that carries every subscription of this tab. It opens with the first and never gives up. */
export const socket = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) =>
    new Promise((resolve) => {
      skipWait = resolve
      setTimeout(resolve, retryDelay(retries, Math.random()))
    }),
  keepAlive: pingEvery * 1000,
  on: {
    connected: () => {
      setLost(false)
    },
    closed: (event) => {
      clearTimeout(overdue)
      const isWanted = (event as CloseEvent).code !== 1000
      if (isWanted) setLost(true)
      setWatching(true)
    },
    ping: (isReceived) => {
      if (!isReceived) overdue = setTimeout(() => socket.terminate(), pongWithin * 1000)
    },
    pong: (isReceived) => {
      if (isReceived) clearTimeout(overdue)
    },
  },
})

/**
 * Says that the server watches from now on for what the page subscribed to: what happened before that may have been missed.
 * Nothing was missed where nothing was read yet.
 */
export const noteWatch = () => {
  if (isWatching()) announceMiss()
  else setWatching(true)
}

/** Has the page be read although the server does not say that it watches. */
export const stopWaiting = () => setWatching(true)

window.addEventListener('online', () => skipWait())
