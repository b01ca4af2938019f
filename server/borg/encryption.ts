/** Borg's encryption modes (docs: borg init, "Encryption mode TLDR"), by the names of our API. */
const modes = {
  REPOKEY: 'repokey',
  REPOKEY_BLAKE2: 'repokey-blake2',
  KEYFILE: 'keyfile',
  KEYFILE_BLAKE2: 'keyfile-blake2',
  AUTHENTICATED: 'authenticated',
  AUTHENTICATED_BLAKE2: 'authenticated-blake2',
  NONE: 'none',
} as const

export type EncryptionMode = keyof typeof modes

/** The name that borg's command line takes. */
export const modeName = (mode: EncryptionMode): string => modes[mode]

/** The mode that borg names so; null for one of a version to come. */
export const modeOf = (name: string): EncryptionMode | null => {
  for (const mode of Object.keys(modes) as EncryptionMode[]) if (modes[mode] === name) return mode
  return null
}

/** Whether the key of the mode is kept in the repository's `config`; of others it is beside the records, or there is none. */
export const keepsKeyInRepository = (mode: EncryptionMode): boolean => /^(REPOKEY|AUTHENTICATED)/.test(mode)

/** Whether the mode keeps files secret. */
export const isEncrypted = (mode: EncryptionMode): boolean => /^(REPOKEY|KEYFILE)/.test(mode)
