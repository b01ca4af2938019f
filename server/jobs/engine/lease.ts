import type { LeaseMode, TaskKind } from '../../../prisma/generated/client/client.ts'
import type { TaskKinds } from '../records/kinds.ts'

/** The lease that a job needs for its tasks: one that reads is beside others that read. Null where it needs none. */
export const leaseFor = (kinds: TaskKinds, tasks: readonly TaskKind[]): LeaseMode | null => {
  const wanted = tasks.map((kind) => kinds[kind].lease)
  if (wanted.includes('WRITE')) return 'WRITE'
  return wanted.includes('READ') ? 'READ' : null
}
