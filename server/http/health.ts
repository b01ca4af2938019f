import type { ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { answerText } from './answer.ts'

/** Answers `/healthz`: the process is alive. */
export const answerHealth = (response: ServerResponse): void => answerText(response, 200, 'ok')

/** Answers `/readyz`: the records answer. */
export const answerReadiness = async ({ db, log }: App, response: ServerResponse): Promise<void> => {
  try {
    await db.server.findFirst({ select: { id: true } })
    answerText(response, 200, 'ok')
  } catch (error) {
    log.warn({ err: error }, 'not ready')
    answerText(response, 503, 'not ready')
  }
}
