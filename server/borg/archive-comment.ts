import { z } from 'zod'
import { hiddenProblem } from '../text.ts'

/** What made an archive, by Borgitory's own ids; the plan's are null where there was no plan. */
export interface ArchiveOrigin {
  readonly jobId: string
  readonly planId: string | null
  /** What the plan was called then. */
  readonly planName: string | null
}

/*
 * The comment of an archive that Borgitory makes is what the person wrote, as it is, and one more line:
 *
 *     borgitory: {"job":"0199…","plan":"0199…","planName":"photos"}
 *
 * The line is `borgitory: ` and a JSON object: `job` always, `plan` and `planName` where a plan asked for it. Keys may
 * come in later versions; none of these changes its meaning. That the archive is incomplete is not among them, since it is
 * known only once the archive is made: its name says so (`incomplete-name.ts`).
 */
const mark = 'borgitory: '

const id = z.string().min(1).max(100)
const name = z
  .string()
  .max(100)
  .refine((name) => hiddenProblem(name) === null)

const line = z
  .object({ job: id, plan: id.optional(), planName: name.optional() })
  .transform(
    ({ job, plan, planName }): ArchiveOrigin => ({ jobId: job, planId: plan ?? null, planName: planName ?? null }),
  )

/** The comment to make an archive with: a person's own, and what makes it. */
export const archiveComment = (comment: string, { jobId, planId, planName }: ArchiveOrigin): string => {
  const facts = { job: jobId, ...(planId !== null && { plan: planId }), ...(planName !== null && { planName }) }
  return `${comment}${comment === '' ? '' : '\n'}${mark}${JSON.stringify(facts)}`
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The parts of an archive's comment; all of it is a person's own where Borgitory did not make the archive. */
export const readArchiveComment = (
  text: string,
): { readonly comment: string; readonly origin: ArchiveOrigin | null } => {
  const start = text.lastIndexOf('\n') + 1
  const last = text.slice(start)
  const { data: origin = null } = line.safeParse(last.startsWith(mark) ? parseJson(last.slice(mark.length)) : undefined)
  return origin === null ? { comment: text, origin } : { comment: text.slice(0, Math.max(0, start - 1)), origin }
}
