/** Names in the body of a key of borg 1, which is a MessagePack map. */
const names = ['algorithm', 'data', 'hash', 'iterations', 'salt', 'version']

/** Bytes of such a body: 353 with borg 1.2. */
const smallest = 200
const largest = 10_000

/** The first byte of a MessagePack map of up to 15 entries, without their number. */
const map = 0x80

/**
 * The repository (64 hexadecimal digits) that a key belongs to, as `borg key export` prints it; null where the text is no
 * whole key. Borg looks at its first line only, and stores whatever follows in the place of the key that was there.
 */
export const keyRepositoryId = (text: string): string | null => {
  const [, id, encoded = ''] = /^BORG_KEY ([0-9a-f]{64})\n([A-Za-z0-9+/=\s]+)$/.exec(text) ?? []
  const digits = encoded.replace(/\s/g, '')
  const body = Buffer.from(digits, 'base64')
  const isWhole =
    body.toString('base64') === digits &&
    body.length >= smallest &&
    body.length <= largest &&
    ((body[0] ?? 0) & 0xf0) === map &&
    names.every((name) => body.includes(name))
  return id !== undefined && isWhole ? id : null
}
