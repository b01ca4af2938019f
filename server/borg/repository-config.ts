/** What the file `config` in a repository tells without opening it (docs: internals/data-structures, "Config file"). */
export interface RepositoryConfig {
  /** Borg's id of the repository: 64 hexadecimal digits. */
  readonly id: string
  /** Whether the key is kept in the repository. */
  readonly hasKey: boolean
}

/** Null for a file that is not the `config` of a borg repository. */
export const parseRepositoryConfig = (text: string): RepositoryConfig | null => {
  if (!/^\[repository\]\s*$/m.test(text)) return null
  const id = /^id\s*=\s*([0-9a-f]{64})\s*$/im.exec(text)?.[1]?.toLowerCase()
  return id === undefined ? null : { id, hasKey: /^key\s*=\s*\S/m.test(text) }
}
