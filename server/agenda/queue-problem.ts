const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at its address. Start it, or correct the address',
  ECONNRESET: 'it broke the connection off',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host cannot be looked up now',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  ETIMEDOUT: 'it does not answer',
  ENOENT: 'there is no socket of it in that folder. Start it, or correct the address',
  EACCES: 'its socket may not be used by this user',
  // PostgreSQL, appendix A: error codes.
  '28000': 'it does not let this user in',
  '28P01': 'it refuses this user name or password',
  '3D000': 'it has no database of that name. Create it first',
  '42501': 'this user may not create tables there',
  '53300': 'it has too many connections already',
  '57P03': 'it is starting or stopping. Try again in a moment',
  // MongoDB, error codes.
  '13': 'this user may not use that database',
  '18': 'it refuses this user name or password',
}

/** An error, and what it was caused by. */
function* causesOf(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return
  yield error
  yield* causesOf(error.cause)
  if (error instanceof AggregateError) for (const each of error.errors) yield* causesOf(each)
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // It is used as it stands.
    return text
  }
}

/** What of an address nobody may read: the password before its host, and those among its parameters. */
const secretsOf = (url: string): readonly string[] => {
  const [, password = ''] = /^[^:]+:\/\/[^/]*?:(.*)@/.exec(url) ?? []
  const parameters = Array.from(url.matchAll(/[?&][^=&]*password[^=&]*=([^&#]*)/gi), ([, value = '']) => value)
  return [url, ...[password, ...parameters].flatMap((secret) => [secret, decode(secret)])].filter((each) => each !== '')
}

/** Why a database cannot be used, in plain words and without anything secret of its address. */
export const queueProblem = (error: unknown, url: string): string => {
  const causes = [...causesOf(error)]
  const known = causes.map(codeOf).find((code) => code in words)
  if (known !== undefined) return words[known] ?? ''
  const message = causes[0]?.message ?? ''
  const [, code] = /\b(E[A-Z]{4,})\b/.exec(message) ?? []
  if (code !== undefined && words[code]) return words[code]
  if (/time(d )?out/i.test(message)) return 'it does not answer'
  return secretsOf(url)
    .reduce((text, secret) => text.replaceAll(secret, '…'), message)
    .replace(/\.$/, '')
}
