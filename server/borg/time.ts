import { DateTime } from 'luxon'
import { z } from 'zod'

/**
 * A time in borg's JSON. Borg 1.2 prints local time without a zone, which is UTC because every borg is started with
 * `TZ=UTC`; later versions add the offset.
 */
export const borgTime = z.string().transform((text, context) => {
  const time = DateTime.fromISO(text, { zone: 'utc' })
  if (time.isValid) return time.toJSDate()
  context.addIssue({ code: 'custom', message: `not a time: ${text}` })
  return z.NEVER
})
