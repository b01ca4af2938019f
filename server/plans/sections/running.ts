import { z } from 'zod'
import { JobPriority } from '../../../prisma/generated/client/enums.ts'
import { definePlanSection } from './section.ts'

const day = 86_400

/** How the backup of a plan is run: before which others, how often it is tried, and for how long. */
export const running = definePlanSection({
  input: {
    priority: z.enum(JobPriority).nullish(),
    retries: z.number().int().min(0, 'must be 0 or more').max(10, 'must be 10 or less').nullish(),
    retryDelay: z.number().int().min(1, 'must be a second or more').max(day, 'must be a day or less').nullish(),
    /** Null takes it away. */
    timeLimit: z
      .number()
      .int()
      .min(60, 'must be a minute or more')
      .max(7 * day, 'must be a week or less')
      .nullish(),
  },
  graphql: ({ builder }) => {
    builder.prismaObjectFields('BackupPlan', (t) => ({
      priority: t.expose('priority', { type: JobPriority, description: 'Which other jobs its jobs go before.' }),
      retries: t.exposeInt('retries'),
      retryDelay: t.exposeInt('retryDelay'),
      timeLimit: t.exposeInt('timeLimit', { nullable: true }),
    }))
    return {
      inputs: (t, isNew) => {
        const orElse = (value: string) => (isNew ? `; ${value} where it is left out.` : '.')
        return {
          priority: t.field({
            type: JobPriority,
            description: `Which other jobs its jobs go before${orElse('NORMAL')}`,
          }),
          retries: t.int({ description: `How many times a backup that failed is tried again: 0 to 10${orElse('0')}` }),
          retryDelay: t.int({
            description: `Seconds before the first of these tries, 1 to 86400; each further one waits twice as long${orElse('60')}`,
          }),
          timeLimit: t.int({
            description: `Seconds after which one try of a backup is stopped, 60 to 604800; null for no limit${orElse('none')}`,
          }),
        }
      },
    }
  },
  columns: ({ priority, retries, retryDelay, timeLimit }) => ({
    ...(priority && { priority }),
    ...(typeof retries === 'number' && { retries }),
    ...(typeof retryDelay === 'number' && { retryDelay }),
    ...(timeLimit !== undefined && { timeLimit }),
  }),
  tasks: (plan) => {
    const policies = plan && { retries: plan.retries, retryDelay: plan.retryDelay, timeLimit: plan.timeLimit }
    return { main: [{ kind: 'BACKUP', ...policies }, { kind: 'LIST' }] }
  },
})
