import { jobs } from './areas/jobs.ts'
import { main } from './areas/main.ts'
import { watch } from './areas/watch.ts'
import { web } from './areas/web.ts'
import type { Bench } from './bench.ts'
import type { Figure } from './figure.ts'

/** Measures some figures, and leaves nothing behind but what `bench.close()` removes. Throws where it could not. */
export type Measurement = (bench: Bench) => Promise<readonly Figure[]>

export const areas: Readonly<Record<string, readonly Measurement[]>> = { main, jobs, watch, web }
