/** What the file `config` in a repository tells without opening it (docs: internals/data-structures, "Config file"). */
export interface RepositoryConfig {
  /** Borg's id of the repository: 64 hexadecimal digits. */
  readonly id: string
  /** Whether the key is kept in the repository: of the modes `repokey` and `authenticated`. */
  readonly hasKey: boolean
  /** Whether nothing is ever freed in it. */
  readonly isAppendOnly: boolean
}

/**
 * Reads it as Python's ConfigParser does: names in any case, `=` or `:`, values that go on in lines that are indented. Null
 * for a file that is not the `config` of a borg repository.
 */
export const parseRepositoryConfig = (text: string): RepositoryConfig | null => {
  if (!/^\[repository\]\s*$/m.test(text)) return null
  const id = /^id[ \t]*[=:][ \t]*([0-9a-f]{64})[ \t]*\r?$/im.exec(text)?.[1]?.toLowerCase()
  if (id === undefined) return null
  return {
    id,
    hasKey: /^key[ \t]*[=:][ \t]*(?:\r?\n[ \t]+)*\S/im.test(text),
    isAppendOnly: /^append_only[ \t]*[=:][ \t]*1[ \t]*\r?$/im.test(text),
  }
}
