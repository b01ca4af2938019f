import pLimit from 'p-limit'
import type { App } from '../app.ts'
import {
  checkPatterns,
  findPatternProblem,
  type Pattern,
  type PatternAnswer,
  type PatternProblem,
  readPatternAnswer,
} from '../borg/patterns.ts'
import { PatternsUnchecked } from '../jobs/records/problems.ts'
import { run } from '../process/run.ts'
import { borgHome } from '../repositories/borg-access.ts'

/** Milliseconds that borg has for one answer. */
const timeout = 30_000

/** Lines that one answer may have: borg's longest is a traceback. */
const mostLines = 10_000

/** Whoever asks and however often: more borgs at once would only take the processors from the backups. */
const limit = pLimit(2)

/** Who may ask. */
export type Asker = Pick<App, 'config' | 'vault'>

/** Has the real borg parse patterns: the first that it cannot; null where it takes all. Throws `PatternsUnchecked`. */
export const askBorgAboutPatterns = (app: Asker, patterns: readonly Pattern[]): Promise<PatternProblem | null> => {
  const ask = async (asked: readonly Pattern[]): Promise<PatternAnswer> => {
    const lines: string[] = []
    const options = { environment: app.config.childEnvironment, signal: AbortSignal.timeout(timeout), killAfter: 1000 }
    for await (const event of run(checkPatterns(borgHome(app), asked), options)) {
      if (event.type === 'events') lines.push(...event.events)
      if (lines.length > mostLines) throw new PatternsUnchecked('borg does not stop printing')
      if (event.type !== 'exit') continue
      if (event.startFailure !== null) throw new PatternsUnchecked('borg could not be started')
      const answer = readPatternAnswer(lines, event.exitCode)
      if (answer.type === 'unanswered') throw new PatternsUnchecked(answer.message)
      return answer
    }
    throw new Error('a program ended without an exit event')
  }
  return findPatternProblem(patterns, (asked) => limit(() => ask(asked)))
}
