import { type ApiClient, apiClient, setUp } from './api-client.ts'
import { cleanUpAfter } from './cleanup.ts'
import { launchServer, type ServerOptions, type ServerProcess } from './server-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface TestServer extends ServerProcess {
  /** A client that nobody is signed in to. */
  client(): ApiClient
  /** Creates the administrator and gives a client that is signed in as that. Works once for a data folder. */
  setUp(): Promise<ApiClient>
}

/** Starts the real server, by default on an empty data folder; it is killed after the test, if it still runs then. */
export const startServer = async (options: Partial<ServerOptions> = {}): Promise<TestServer> => {
  const server = await launchServer({ ...options, dataFolder: options.dataFolder ?? temporaryFolder() })
  cleanUpAfter(() => server.kill())
  const client = () => {
    const opened = apiClient(server.url)
    cleanUpAfter(() => opened.close())
    return opened
  }
  return {
    ...server,
    client,
    setUp: async () => {
      const administrator = client()
      await setUp(administrator)
      return administrator
    },
  }
}
