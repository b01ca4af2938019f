import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { link, mkdir, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Secret } from './secret.ts'

/** The key file cannot be used; the message says why and what to do. */
export class KeyFileUnusable extends Error {
  override readonly name = 'KeyFileUnusable'
}

/** The value was sealed with another key than the one in the key file. */
export class SealedWithOtherKey extends Error {
  override readonly name = 'SealedWithOtherKey'
}

/** The sealed value was changed, cut short, or belongs to another row or purpose. */
export class SealedDamaged extends Error {
  override readonly name = 'SealedDamaged'
}

/** Seals secrets for storage and opens them again. Never prints its key. */
export interface Vault {
  /** Names the key, so that values sealed with an older one can be told apart. */
  readonly keyId: string
  /** Text for the records. Only the same `purpose`, such as `repository:<id>:passphrase`, opens it. */
  seal(secret: Secret, purpose: string): string
  /** Throws `SealedWithOtherKey` or `SealedDamaged`. */
  open(sealed: string, purpose: string): Secret
}

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

const keyFilePattern = /^borgitory-key v1 (?<id>[0-9a-f]{16}) (?<key>[A-Za-z0-9_-]{43})\n?$/
const sealedPattern = /^v1\.(?<id>[0-9a-f]{16})\.(?<nonce>[A-Za-z0-9_-]{16})\.(?<box>[A-Za-z0-9_-]+)$/

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code

/** Null where the file does not exist. */
const readKeyFile = async (file: string): Promise<string | null> => {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(file, 'r')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw new KeyFileUnusable(`The key file ${file} cannot be read.`, { cause: error })
  }
  try {
    const status = await handle.stat()
    if (!status.isFile()) throw new KeyFileUnusable(`The key file ${file} is not a file.`)
    if (status.mode & 0o077) {
      throw new KeyFileUnusable(
        `The key file ${file} can be read by others. If nobody has read it, run: chmod 600 '${file}'`,
      )
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** Writes a new key under another name first: a key file is either whole or not there, and never replaces one. */
const makeKeyFile = async (file: string) => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(
      `borgitory-key v1 ${randomBytes(8).toString('hex')} ${randomBytes(32).toString('base64url')}\n`,
    )
    await handle.sync()
    await link(draft, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await handle.close()
    await unlink(draft)
  }
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

const createVault = (keyId: string, key: KeyObject): Vault => {
  const bind = (purpose: string) => Buffer.from(`v1.${keyId}.${purpose}`)
  return {
    keyId,
    seal: (secret, purpose) => {
      const nonce = randomBytes(nonceLength)
      const sealing = createCipheriv(cipher, key, nonce).setAAD(bind(purpose))
      const box = Buffer.concat([sealing.update(secret.reveal(), 'utf8'), sealing.final(), sealing.getAuthTag()])
      return `v1.${keyId}.${nonce.toString('base64url')}.${box.toString('base64url')}`
    },
    open: (sealed, purpose) => {
      const parts = sealedPattern.exec(sealed)?.groups
      if (!parts?.nonce || !parts.box) throw new SealedDamaged('A sealed value in the records is damaged.')
      if (parts.id !== keyId) {
        throw new SealedWithOtherKey(
          `A value in the records was sealed with the key ${parts.id}, but the key file holds ${keyId}. Put the key file back that belongs to these records.`,
        )
      }
      const box = Buffer.from(parts.box, 'base64url')
      if (box.length < tagLength) throw new SealedDamaged('A sealed value in the records is damaged.')
      const opening = createDecipheriv(cipher, key, Buffer.from(parts.nonce, 'base64url'), { authTagLength: tagLength })
        .setAAD(bind(purpose))
        .setAuthTag(box.subarray(-tagLength))
      try {
        return new Secret(
          Buffer.concat([opening.update(box.subarray(0, -tagLength)), opening.final()]).toString('utf8'),
        )
      } catch {
        throw new SealedDamaged('A sealed value in the records was changed, or belongs to something else.')
      }
    },
  }
}

/**
 * The vault whose key is in `keyFile`. Where there is none, makes one that only its owner can read (0600), unless
 * something was sealed before. Throws `KeyFileUnusable` for a key file that others can read, that is not one, or is missing.
 */
export const openVault = async (keyFile: string, { isNeeded = false } = {}): Promise<Vault> => {
  let text = await readKeyFile(keyFile)
  if (text === null) {
    if (isNeeded) {
      throw new KeyFileUnusable(
        `The key file ${keyFile} is missing, and passphrases are sealed with it in the records. Put it back from your copy; each copy in records-copies holds it too, where it lay in the data folder.`,
      )
    }
    await makeKeyFile(keyFile)
    text = await readKeyFile(keyFile)
  }
  const { id, key } = keyFilePattern.exec(text ?? '')?.groups ?? {}
  if (!id || !key) throw new KeyFileUnusable(`The key file ${keyFile} does not hold a key. Put the right one back.`)
  return createVault(id, createSecretKey(Buffer.from(key, 'base64url')))
}
