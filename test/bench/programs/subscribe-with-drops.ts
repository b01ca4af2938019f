/**
 * A process with some subscribers that follow the output of tasks, each over a WebSocket that it cuts at random moments
 * and replaces by a new one; started by `subscribers.ts`. It speaks the protocol (graphql-transport-ws) itself, so that it
 * has little work of its own.
 */
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { describeFailure } from '../failure.ts'
import type { Followed, SubscriberMessage } from '../subscribers.ts'

const [url = '', cookie = '', file = '', count = '0'] = process.argv.slice(2)
const subscriberCount = Number(count)
const taskIds = readFileSync(file, 'utf8').split('\n')
const tell = (message: SubscriberMessage, onSent?: () => void) => process.send?.(message, undefined, undefined, onSent)
process.once('uncaughtException', (error: unknown) =>
  tell({ type: 'failed', why: describeFailure(error) }, () => process.exit(1)),
)

/** The longest time that a connection is left alone, in milliseconds. */
const longestConnection = 4_000

const query =
  'subscription ($taskId: ID!, $after: Int!) { taskOutput(taskId: $taskId, after: $after) { cursor lines } }'

interface Follower {
  readonly taskId: string
  /** Lines that it has. */
  cursor: number
  received: number
  wrong: number
}

/** Takes what comes over one connection; whether the task has ended, otherwise the connection was cut. */
const followOnce = (follower: Follower, onBegun: () => void) =>
  new Promise<boolean>((resolve, reject) => {
    const { taskId } = follower
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { cookie, origin: url },
    })
    const cut = setTimeout(() => socket.terminate(), randomInt(longestConnection))
    const end = (hasEnded: boolean) => {
      clearTimeout(cut)
      resolve(hasEnded)
    }
    let problem: Error | null = null
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    // Also said of a connection that was cut before it was open.
    socket.on('error', () => {})
    socket.on('unexpected-response', (_, { statusCode }) => reject(new Error(`refused with ${statusCode}`)))
    socket.on('close', () => (problem === null ? end(false) : reject(problem)))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.type === 'connection_ack') {
        const payload = { query, variables: { taskId, after: follower.cursor } }
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
        onBegun()
      } else if (message.type === 'ping') socket.send('{"type":"pong"}')
      else if (message.type === 'next' && message.payload.data) {
        const { cursor, lines } = message.payload.data.taskOutput
        for (const [index, line] of lines.entries()) {
          follower.received += 1
          if (line !== String(follower.cursor + index)) follower.wrong += 1
        }
        follower.cursor = cursor
      } else if (message.type === 'complete') {
        socket.removeAllListeners('close').close()
        end(true)
      } else {
        problem = new Error(String(data))
        socket.terminate()
      }
    })
  })

const follow = async (ids: readonly string[], onBegun: () => void): Promise<Followed> => {
  let received = 0
  let wrong = 0
  let drops = 0
  for (const taskId of ids) {
    const follower: Follower = { taskId, cursor: 0, received: 0, wrong: 0 }
    while (!(await followOnce(follower, onBegun))) drops += 1
    received += follower.received
    wrong += follower.wrong
  }
  return { received, wrong, drops, latencies: new Float64Array() }
}

let begun = 0
const begins = () => {
  let hasBegun = false
  return () => {
    if (hasBegun) return
    hasBegun = true
    begun += 1
    if (begun === subscriberCount) tell({ type: 'begun' })
  }
}
const followed = await Promise.all(
  Array.from({ length: subscriberCount }, (_, place) =>
    follow(
      taskIds.filter((_, index) => index % subscriberCount === place),
      begins(),
    ),
  ),
)
tell({ type: 'ended', followed }, () => process.disconnect())
