import { join } from 'node:path'
import type { EncryptionMode } from './encryption.ts'
import type { BorgRepository } from './repository.ts'

/** Where borg keeps what it knows of one repository (docs: internals/data-structures, "Cache"; deployment, "security"). */
export const ownFolders = (
  { baseFolder }: Pick<BorgRepository, 'baseFolder'>,
  borgId: string,
): { readonly cache: string; readonly security: string } => ({
  cache: join(baseFolder, '.cache/borg', borgId),
  security: join(baseFolder, '.config/borg/security', borgId),
})

/** One setting of a cache's `config` file; null where it is not there. */
export const cacheSetting = (config: string, name: 'timestamp' | 'key_type'): string | null =>
  new RegExp(`^${name}\\s*=\\s*(\\S+)\\s*$`, 'm').exec(config)?.[1] ?? null

/** What borg calls each mode in `key-type`: the number of the kind of key (borg 1.2 and 1.4: crypto/key.py, `TYPE`). */
export const keyTypes: Readonly<Record<EncryptionMode, string>> = {
  KEYFILE: '0',
  NONE: '2',
  REPOKEY: '3',
  KEYFILE_BLAKE2: '4',
  REPOKEY_BLAKE2: '5',
  AUTHENTICATED_BLAKE2: '6',
  AUTHENTICATED: '7',
}

export const securityFiles = ['key-type', 'location', 'manifest-timestamp', 'nonce'] as const
export type SecurityFile = (typeof securityFiles)[number]

const sound: Readonly<Record<SecurityFile, RegExp>> = {
  'key-type': /^\d{1,3}$/,
  location: /^(?:\/|[a-z]+:\/\/)[^\0\n\ufffd]*$/,
  'manifest-timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d)?$/,
  nonce: /^[0-9a-f]{16}$/,
}

/** Whether a file of borg's security folder holds what it should. */
export const isSound = (file: SecurityFile, content: string): boolean => sound[file].test(content)

/** A moment as borg writes it into `manifest-timestamp`: UTC without a zone. */
export const manifestTimestamp = (moment: Date): string => moment.toISOString().replace(/Z$/, '000')
