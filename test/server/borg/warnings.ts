import type { BorgEvent } from '../../../server/borg/messages.ts'
import { type BorgWarning, createWarningReader } from '../../../server/borg/warnings.ts'

/** What a reader that is given all these events finds. */
export const warningsOf = (events: readonly BorgEvent[], sources: readonly string[] = []): readonly BorgWarning[] => {
  const reader = createWarningReader(sources)
  return [...events.flatMap((event) => reader.read(event)), ...reader.end()]
}
