import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { cleanUpAfter } from './cleanup.ts'

export interface CuttableProxy {
  /** The address that leads through it. */
  readonly url: string
  /** Cuts every connection and lets none through until `mend()`. */
  cut(): void
  mend(): void
  /** Keeps connections, also new ones, and lets nothing through them any more. */
  silence(): void
}

/** A TCP proxy in front of a server, whose connections a test can cut or silence as a broken network would. */
export const cuttableProxy = async (target: string): Promise<CuttableProxy> => {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let isCut = false
  let isSilent = false
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy()
      return
    }
    const onward = connect(Number(port), hostname)
    for (const end of [socket, onward]) {
      sockets.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => {
        sockets.delete(end)
        socket.destroy()
        onward.destroy()
      })
    }
    if (isSilent) return
    socket.pipe(onward).pipe(socket)
  })
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUpAfter(() => {
    destroyAll()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true
      destroyAll()
    },
    mend: () => {
      isCut = false
    },
    silence: () => {
      isSilent = true
      for (const socket of sockets) socket.unpipe()
    },
  }
}
