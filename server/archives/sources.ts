import { z } from 'zod'

const askedFor = z.object({ sources: z.array(z.string()) })

/** Sources in the order in which they can be compared: what `Archive.sources` holds. */
export const sortedSources = (sources: readonly string[]): string[] => [...sources].sort()

/** What a job was asked to back up, of its settings; null where they do not say it. */
export const sourcesOfJob = (settings: unknown): string[] | null => {
  const found = askedFor.safeParse(settings).data
  return found ? sortedSources(found.sources) : null
}
