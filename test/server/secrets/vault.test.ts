import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../server/secrets/secret.ts'
import { KeyFileUnusable, openVault, SealedDamaged, SealedWithOtherKey } from '../../../server/secrets/vault.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const secret = new Secret('correct horse ✓')
const purpose = 'repository:1:passphrase'
const newKeyFile = () => join(temporaryFolder(), 'deep', 'folder', 'secret.key')
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('key file', () => {
  it('should be made for its owner alone, in folders for their owner alone', async () => {
    const file = newKeyFile()
    await openVault(file)
    expect(modeOf(file)).toBe(0o600)
    expect(modeOf(dirname(file))).toBe(0o700)
    expect(readdirSync(dirname(file))).toEqual(['secret.key'])
  })

  it('should hold a key of its own each time', async () => {
    const [left, right] = [newKeyFile(), newKeyFile()]
    expect((await openVault(left)).keyId).not.toBe((await openVault(right)).keyId)
    expect(readFileSync(left, 'utf8')).not.toBe(readFileSync(right, 'utf8'))
  })

  it('should be made once when opened many times at once', async () => {
    const file = newKeyFile()
    const vaults = await Promise.all(Array.from({ length: 10 }, () => openVault(file)))
    expect(new Set(vaults.map(({ keyId }) => keyId)).size).toBe(1)
    const sealed = vaults[0]?.seal(secret, purpose) ?? ''
    for (const vault of vaults) expect(vault.open(sealed, purpose).reveal()).toBe(secret.reveal())
  })

  it.each([0o640, 0o604, 0o660])('should be refused with mode %o', async (mode) => {
    const file = newKeyFile()
    await openVault(file)
    chmodSync(file, mode)
    await expect(openVault(file)).rejects.toThrow(KeyFileUnusable)
    await expect(openVault(file)).rejects.toThrow(/can be read by others.*chmod 600/)
  })

  it.each(['', 'nonsense\n', 'borgitory-key v1 0123456789abcdef short\n'])(
    'should be refused holding %j',
    async (text) => {
      const file = join(temporaryFolder(), 'secret.key')
      writeFileSync(file, text, { mode: 0o600 })
      await expect(openVault(file)).rejects.toThrow(/does not hold a key/)
      expect(readFileSync(file, 'utf8')).toBe(text)
    },
  )

  it('should be refused where it is a folder', async () => {
    const folder = temporaryFolder()
    await expect(openVault(folder)).rejects.toThrow(KeyFileUnusable)
    expect(existsSync(folder)).toBe(true)
  })
})

describe('vault', () => {
  it('should open what it sealed, also after a restart', async () => {
    const file = newKeyFile()
    const sealed = (await openVault(file)).seal(secret, purpose)
    expect((await openVault(file)).open(sealed, purpose).reveal()).toBe('correct horse ✓')
  })

  it('should seal the same secret differently each time, naming version and key, never the secret', async () => {
    const vault = await openVault(newKeyFile())
    const sealed = Array.from({ length: 100 }, () => vault.seal(secret, purpose))
    expect(new Set(sealed).size).toBe(100)
    for (const text of sealed) expect(text).toMatch(new RegExp(`^v1\\.${vault.keyId}\\.`))
    expect(sealed.join()).not.toContain(Buffer.from(secret.reveal()).toString('base64url'))
  })

  it('should not open a value for another row or purpose', async () => {
    const vault = await openVault(newKeyFile())
    const sealed = vault.seal(secret, purpose)
    expect(() => vault.open(sealed, 'repository:2:passphrase')).toThrow(SealedDamaged)
    expect(() => vault.open(sealed, 'repository:1:key')).toThrow(SealedDamaged)
  })

  it('should notice each changed byte and each missing one', async () => {
    const vault = await openVault(newKeyFile())
    const sealed = vault.seal(secret, purpose)
    const start = `v1.${vault.keyId}.`.length
    for (let index = start; index < sealed.length; index++) {
      // The last character of base64url may hold unused bits, so it is changed to something far away.
      const other = sealed[index] === 'A' ? '_' : 'A'
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1)
      expect(() => vault.open(changed, purpose), `character ${index}`).toThrow(SealedDamaged)
      expect(() => vault.open(sealed.slice(0, index), purpose), `cut at ${index}`).toThrow(SealedDamaged)
    }
  })

  it('should say that a value was sealed with another key', async () => {
    const [vault, other] = [await openVault(newKeyFile()), await openVault(newKeyFile())]
    const sealed = other.seal(secret, purpose)
    expect(() => vault.open(sealed, purpose)).toThrow(SealedWithOtherKey)
    expect(() => vault.open(sealed, purpose)).toThrow(other.keyId)
  })

  it('should not show its key or a secret when printed', async () => {
    const file = newKeyFile()
    const vault = await openVault(file)
    const key = readFileSync(file, 'utf8').trim().split(' ').at(-1) ?? ''
    const opened = vault.open(vault.seal(secret, purpose), purpose)
    const printed = inspect([vault, opened], { depth: 9, showHidden: true }) + JSON.stringify([vault, opened])
    expect(printed).not.toContain(key)
    expect(printed).not.toContain(secret.reveal())
  })
})
