import type { JobKind } from '../../../prisma/generated/client/client.ts'
import type { QueueSettings } from '../records/queue-settings.ts'
import type { Reason } from './dispatcher.ts'

const kindInWords = (kind: JobKind) => kind.toLowerCase().replaceAll('_', ' ')

const oneOf = (count: number, noun: string) =>
  count === 1 ? `the ${noun} that runs to end` : `one of the ${count} ${noun}s that run to end`

/** By whom it is paused is not for everybody who may read this. */
const resumption = ({ pauseReason }: QueueSettings) =>
  `the queue to be resumed (${pauseReason === null ? 'paused' : `paused: ${pauseReason}`})`

/** What a job waits for, in words that follow “Waits for”. */
export const waitingWords = (reason: Reason, settings: QueueSettings): string => {
  switch (reason.type) {
    case 'RESUMPTION':
      return resumption(settings)
    case 'NEXT_TRY':
      return 'the time of its next try'
    case 'PLACE':
      return oneOf(settings.concurrentJobs, 'job')
    case 'BACKUP_PLACE':
      return oneOf(settings.concurrentBackups, 'backup')
    case 'LEASE':
      return `another job of this repository to end (${kindInWords(reason.holder)})`
  }
}
