import { z } from 'zod'

/**
 * A time in borg's JSON. Borg 1.2 prints local time without a zone, which is UTC because every borg is started with
 * `TZ=UTC`; later versions add the offset.
 */
export const borgTime = z.string().transform((text, context) => {
  const time = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  if (!Number.isNaN(time.getTime())) return time
  context.addIssue({ code: 'custom', message: `not a time: ${text}` })
  return z.NEVER
})
