import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { setupToken } from './server-process.ts'

export const administrator = { username: 'ada', password: 'correct horse battery staple' }

export interface ApiError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

export interface ApiAnswer<Data> {
  readonly status: number
  readonly headers: Headers
  readonly data?: Data | null
  readonly errors?: readonly ApiError[]
}

/** The API answered with errors. */
export class ApiFailed extends Error {
  readonly errors: readonly ApiError[]

  constructor(errors: readonly ApiError[]) {
    super(errors.map(({ message }) => message).join('\n'))
    this.errors = errors
  }
}

/** The WebSocket was closed, by the server or by the network, or could not be opened. */
export class ConnectionLost extends Error {
  /** As RFC 6455 and graphql-transport-ws name it; null where there was no connection yet. */
  readonly code: number | null
  readonly reason: string

  constructor({ code, reason, message }: { code?: number; reason?: string; message?: string }) {
    const why = reason || message || (code === 1006 ? 'cut without a word' : 'without a reason')
    super(code === undefined ? `The WebSocket failed: ${why}` : `The WebSocket was closed with code ${code}: ${why}`)
    this.code = code ?? null
    this.reason = reason ?? ''
  }
}

type Variables = Readonly<Record<string, unknown>>

/** What a browser tab is to the server: cookies, operations over HTTP, and one WebSocket for all subscriptions. */
export interface ApiClient {
  readonly url: string
  /** The `Cookie` header that goes with the next request. */
  cookie(): string
  /** Runs a query or a mutation. Throws `ApiFailed`. */
  query<Data>(document: string, variables?: Variables): Promise<Data>
  /** The same, with the whole answer and with errors as data; `headers` are added, an empty value leaves one out. */
  request<Data>(
    document: string,
    variables?: Variables,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer<Data>>
  /** Any other request to the server, with the cookies. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Yields what a subscription sends. Throws `ApiFailed`, `ConnectionLost`. */
  subscribe<Data>(document: string, variables?: Variables): AsyncIterableIterator<Data, void, void>
  /** Whether the WebSocket is open. */
  isConnected(): boolean
  /** Cuts the WebSocket without a word, as a lost network does; a later subscription opens a new one. */
  dropConnection(): void
  close(): Promise<void>
}

export const apiClient = (url: string): ApiClient => {
  const cookies = new Map<string, string>()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  let socket: WebSocket | undefined

  const subscriptions = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, { headers: { cookie: cookie(), origin: url } })
        socket = this
      }
    },
  })

  const client: ApiClient = {
    url,
    cookie,
    fetch: async (path, init = {}) => {
      const headers = new Headers(init.headers)
      if (cookies.size > 0 && !headers.has('cookie')) headers.set('cookie', cookie())
      const response = await fetch(new URL(path, url), { redirect: 'manual', ...init, headers })
      for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
      return response
    },
    request: async <Data>(document: string, variables: Variables = {}, headers = {}) => {
      const response = await client.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-borgitory': '1', ...headers },
        body: JSON.stringify({ query: document, variables }),
      })
      const body: Pick<ApiAnswer<Data>, 'data' | 'errors'> = await response.json()
      return { status: response.status, headers: response.headers, ...body }
    },
    query: async <Data>(document: string, variables: Variables = {}) => {
      const { data, errors = [], status } = await client.request<Data>(document, variables)
      if (errors.length > 0) throw new ApiFailed(errors)
      if (!data) throw new Error(`The API answered with status ${status} and without data.`)
      return data
    },
    subscribe: <Data>(document: string, variables: Variables = {}) =>
      dataOf(subscriptions.iterate<Data>({ query: document, variables })),
    isConnected: () => socket?.readyState === WebSocket.OPEN,
    dropConnection: () => socket?.terminate(),
    close: async () => {
      await subscriptions.dispose()
      socket?.terminate()
    },
  }
  return client
}

async function* dataOf<Data>(
  results: AsyncIterable<{ data?: Data | null | undefined; errors?: readonly ApiError[] | undefined }>,
): AsyncGenerator<Data, void, void> {
  try {
    for await (const { data, errors = [] } of results) {
      if (errors.length > 0) throw new ApiFailed(errors)
      if (data) yield data
    }
  } catch (failure) {
    // What a WebSocket throws is an event, and prints as [object Object].
    throw failure instanceof Error
      ? failure
      : new ConnectionLost(failure as ConstructorParameters<typeof ConnectionLost>[0])
  }
}

const keepCookie = (cookies: Map<string, string>, line: string) => {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  const isGone = value === '' || /;\s*max-age=0\b/i.test(line) || /;\s*expires=Thu, 01 Jan 1970/i.test(line)
  if (isGone) cookies.delete(name)
  else cookies.set(name, value)
}

/** Creates the administrator and signs in as that. */
export const setUp = async (client: ApiClient): Promise<void> => {
  const { setUp: result } = await client.query<{ setUp: { __typename: string; message?: string } }>(
    `mutation ($input: SetUpInput!) {
      setUp(input: $input) { __typename ... on Problem { message } }
    }`,
    { input: { setupToken, ...administrator } },
  )
  if (result.__typename !== 'User') throw new Error(`The set-up was refused: ${result.message}`)
}

/** Signs in as the administrator that `setUp` created. */
export const signIn = async (client: ApiClient): Promise<void> => {
  const { signIn: result } = await client.query<{ signIn: { __typename: string; message?: string } }>(
    `mutation ($input: SignInInput!) {
      signIn(input: $input) { __typename ... on Problem { message } }
    }`,
    { input: administrator },
  )
  if (result.__typename !== 'User') throw new Error(`The sign-in was refused: ${result.message}`)
}

/** What makes a browser the one that an API client signed in as. */
export const cookiesOf = ({ url, cookie }: ApiClient) =>
  cookie()
    .split('; ')
    .map((text) => {
      const [name = '', ...value] = text.split('=')
      return { name, value: value.join('='), url }
    })
