import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { apiClient } from '../support/api-client.ts'
import { cleanUpAfter } from '../support/cleanup.ts'
import { openBench } from './bench.ts'
import { describeFailure } from './failure.ts'
import { followTask, followTasksWithDrops } from './subscribers.ts'

/** A client of a server that does with each socket what it is told to. */
const clientOf = async (onSocket: (socket: WebSocket) => void) => {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' })
  await once(server, 'listening')
  server.on('connection', onSocket)
  cleanUpAfter(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  const api = apiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  cleanUpAfter(() => api.close())
  return api
}

const giveUp = (socket: WebSocket) => socket.close(4408, 'Connection initialisation timeout')

/** Answers the greeting, and then with what is no message of the protocol. */
const talkNonsense = (socket: WebSocket) => {
  socket.on('message', () => socket.send('{"type":"connection_ack"}'))
  socket.on('message', (data) => String(data).includes('subscribe') && socket.send('{"type":"nonsense"}'))
}

const openedBench = () => {
  const bench = openBench()
  cleanUpAfter(() => bench.close())
  return bench
}

const failureOf = (work: Promise<unknown>) => work.then(() => 'nothing went wrong', describeFailure)

describe('what the benchmark says went wrong', () => {
  test('names the code and the reason with which a server gave up', async () => {
    const api = await clientOf(giveUp)
    expect(await failureOf(api.subscribe('subscription { jobsChanged { id } }').next())).toContain(
      'The WebSocket was closed with code 4408: Connection initialisation timeout\n    at ',
    )
  })

  test('names a connection that was cut, and one that there never was', async () => {
    const cut = await clientOf((socket) => socket.terminate())
    expect(await failureOf(cut.subscribe('subscription { a }').next())).toContain('with code 1006: cut without a word')
    const nobody = apiClient('http://127.0.0.1:1')
    expect(await failureOf(nobody.subscribe('subscription { a }').next())).toContain('connect ECONNREFUSED 127.0.0.1:1')
  })

  test('is what a process with subscribers saw', async () => {
    const bench = openedBench()
    const refused = followTask(bench, await clientOf(giveUp), 'task', { processes: 1, sockets: 1 })
    expect(await failureOf(refused.ended)).toContain('with code 4408: Connection initialisation timeout')
    const puzzled = followTasksWithDrops(bench, await clientOf(talkNonsense), ['task'], {
      processes: 1,
      subscribers: 1,
    })
    expect(await failureOf(puzzled.ended)).toContain('{"type":"nonsense"}')
  })

  test('is never [object Object]', () => {
    expect(describeFailure({ code: 7 })).toBe('{ code: 7 }')
    expect(describeFailure(new Error('outer', { cause: new Error('inner') }))).toMatch(/outer.*cause.*inner/s)
    expect(describeFailure(new AggregateError([new Error('one'), new Error('two')]))).toMatch(/one.*two/s)
  })
})
