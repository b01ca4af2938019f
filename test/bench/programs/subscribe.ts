/**
 * A process with some WebSockets that each follow the output of one task to its end; started by `subscribers.ts`. It
 * speaks the protocol (graphql-transport-ws) itself, so that it has little work of its own.
 */
import { WebSocket } from 'ws'
import { describeFailure } from '../failure.ts'
import { isFirstLine, parsePrinted } from '../printed-lines.ts'
import type { Followed, SubscriberMessage } from '../subscribers.ts'

const [url = '', cookie = '', taskId = '', count = '0'] = process.argv.slice(2)
const socketCount = Number(count)
const tell = (message: SubscriberMessage, onSent?: () => void) => process.send?.(message, undefined, undefined, onSent)
process.once('uncaughtException', (error: unknown) =>
  tell({ type: 'failed', why: describeFailure(error) }, () => process.exit(1)),
)

const payload = {
  query: 'subscription ($taskId: ID!) { taskOutput(taskId: $taskId) { cursor lines } }',
  variables: { taskId },
}

/** Counts what came wrong: a line that is missing, comes twice or comes out of order. */
const follow = (onFirstLine: () => void) =>
  new Promise<Followed>((resolve, reject) => {
    const latencies: number[] = []
    let received = 0
    let next = 0
    let wrong = 0
    const take = (line: string, now: bigint) => {
      if (isFirstLine(line)) return onFirstLine()
      const printed = parsePrinted(line)
      if (printed === null) return
      received += 1
      if (printed.index !== next) wrong += 1
      next = printed.index + 1
      latencies.push(Number(now - printed.time) / 1e6)
    }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: { cookie, origin: url },
    })
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('error', reject)
    socket.on('close', (code, reason) =>
      reject(new Error(`the socket was closed before the task had ended, with code ${code}: ${reason}`)),
    )
    socket.on('message', (data) => {
      const now = process.hrtime.bigint()
      const message = JSON.parse(String(data))
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
      else if (message.type === 'ping') socket.send('{"type":"pong"}')
      else if (message.type === 'next' && message.payload.data) {
        for (const line of message.payload.data.taskOutput.lines) take(line, now)
      } else if (message.type === 'complete') {
        socket.removeAllListeners('close').close()
        resolve({ received, wrong, latencies: Float64Array.from(latencies), drops: 0 })
      } else reject(new Error(String(data)))
    })
  })

let begun = 0
const countBegun = () => {
  begun += 1
  if (begun === socketCount) tell({ type: 'begun' })
}
const followed = await Promise.all(Array.from({ length: socketCount }, () => follow(countBegun)))
tell({ type: 'ended', followed }, () => process.disconnect())
