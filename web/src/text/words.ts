import type {
  CompressionAlgorithm,
  EncryptionMode,
  HookMoment,
  JobPriority,
  PatternAction,
  PatternStyle,
  RunState,
} from '../api/gql/graphql.ts'

export type Tone = 'running' | 'good' | 'warning' | 'failed' | 'idle'

/** How the state of a job or task reads and looks. */
export const runStates: Record<RunState, { word: string; tone: Tone }> = {
  PENDING: { word: 'Waiting to start', tone: 'idle' },
  QUEUED: { word: 'Queued', tone: 'idle' },
  RUNNING: { word: 'Running', tone: 'running' },
  COMPLETED: { word: 'Completed', tone: 'good' },
  COMPLETED_WITH_WARNINGS: { word: 'Completed with warnings', tone: 'warning' },
  FAILED: { word: 'Failed', tone: 'failed' },
  CANCELLED: { word: 'Cancelled', tone: 'idle' },
  INTERRUPTED: { word: 'Interrupted', tone: 'failed' },
  SKIPPED: { word: 'Skipped', tone: 'idle' },
}

export const activeStates: readonly RunState[] = ['PENDING', 'QUEUED', 'RUNNING']

/** Whether a job or task still has something to do. */
export const isActive = (state: RunState) => activeStates.includes(state)

interface Choice {
  readonly word: string
  readonly explanation: string
  readonly hasPassphrase: boolean
  readonly hasKeyFile: boolean
}

/** What an encryption mode means to someone who has not read borg's manual. */
export const encryptionModes: Record<EncryptionMode, Choice> = {
  REPOKEY_BLAKE2: {
    word: 'Encrypted, key in the repository, BLAKE2',
    explanation:
      'What you want in most cases. The passphrase alone opens the backups. BLAKE2 is faster on processors without SHA extensions.',
    hasPassphrase: true,
    hasKeyFile: false,
  },
  REPOKEY: {
    word: 'Encrypted, key in the repository, SHA-256',
    explanation: 'The same, faster on newer processors that compute SHA-256 in hardware.',
    hasPassphrase: true,
    hasKeyFile: false,
  },
  KEYFILE_BLAKE2: {
    word: 'Encrypted, key on this server, BLAKE2',
    explanation:
      'Needs the passphrase and a key file that only this server has. Safer where others can read the repository; lost with this server unless you keep a copy of the key.',
    hasPassphrase: true,
    hasKeyFile: true,
  },
  KEYFILE: {
    word: 'Encrypted, key on this server, SHA-256',
    explanation: 'The same, with SHA-256.',
    hasPassphrase: true,
    hasKeyFile: true,
  },
  AUTHENTICATED_BLAKE2: {
    word: 'Not encrypted, protected against change, BLAKE2',
    explanation: 'Anyone who can read the repository can read the files; nobody can alter them unnoticed.',
    hasPassphrase: true,
    hasKeyFile: false,
  },
  AUTHENTICATED: {
    word: 'Not encrypted, protected against change, SHA-256',
    explanation: 'The same, with SHA-256.',
    hasPassphrase: true,
    hasKeyFile: false,
  },
  NONE: {
    word: 'Not protected',
    explanation: 'Anyone who can reach the repository can read and alter the backups. Only for tests.',
    hasPassphrase: false,
    hasKeyFile: false,
  },
}

/** Whether an encryption mode keeps files secret; an imported repository's mode is not known at first. */
export const isEncrypted = (mode: EncryptionMode | null) => mode !== null && /^(REPOKEY|KEYFILE)/.test(mode)

interface AlgorithmWords {
  readonly word: string
  /** Lowest, highest and borg's own choice; undefined where the algorithm has no levels. */
  readonly levels?: { readonly lowest: number; readonly highest: number; readonly usual: number }
}

/** Borg's compressions (docs: `borg help compression`). */
export const compressions: Record<CompressionAlgorithm, AlgorithmWords> = {
  LZ4: { word: 'lz4: very fast, small savings' },
  ZSTD: { word: 'zstd: fast, good savings', levels: { lowest: 1, highest: 22, usual: 3 } },
  ZLIB: { word: 'zlib: slower, medium savings', levels: { lowest: 0, highest: 9, usual: 6 } },
  LZMA: { word: 'lzma: very slow, large savings', levels: { lowest: 0, highest: 9, usual: 6 } },
  NONE: { word: 'none: store as it is' },
}

/** How borg hides the sizes of chunks (docs: `borg help compression`). */
export const obfuscations: readonly { readonly value: number; readonly word: string }[] = [
  ...['1 KiB', '2 KiB', '4 KiB', '8 KiB', '16 KiB', '32 KiB', '64 KiB', '128 KiB', '256 KiB', '512 KiB']
    .concat('1 MiB', '2 MiB', '4 MiB', '8 MiB')
    .map((size, index) => ({ value: 110 + index, word: `Up to ${size} of padding for each chunk` })),
  ...[1, 2, 3, 4, 5, 6].map((value) => ({
    value,
    word: `Larger by a random factor, ${10 ** (value - 3)} to ${(10 ** (value + 1)).toLocaleString('en')}`,
  })),
]

/** What becomes of what a rule matches. */
export const patternActions: Record<PatternAction, string> = {
  EXCLUDE: 'Leave out',
  EXCLUDE_NO_RECURSE: 'Leave out entirely',
  INCLUDE: 'Back up',
}

/** How the text of a rule is read (docs: `borg help patterns`). */
export const patternStyles: Record<PatternStyle, { readonly word: string; readonly explanation: string }> = {
  SH: {
    word: 'Shell pattern (sh)',
    explanation: '* stays within a folder, **/ goes through any number of them: **/*.tmp',
  },
  FM: { word: 'Simple pattern (fm)', explanation: '* matches anything, slashes too: *.tmp' },
  RE: { word: 'Regular expression (re)', explanation: 'Found anywhere in the path, which has no first slash: \\.tmp$' },
  PP: { word: 'Folder and all in it (pp)', explanation: 'The path of a folder: /home/ada/Downloads' },
  PF: {
    word: 'One exact path (pf)',
    explanation: 'One whole path, looked at before all other rules: /home/ada/disk.img',
  },
}

/** When a hook runs. */
export const hookMoments: Record<HookMoment, string> = {
  BEFORE: 'Before the backup',
  ON_SUCCESS: 'After a success',
  ON_WARNING: 'After warnings',
  ON_FAILURE: 'After a failure',
  ALWAYS: 'Always, at the end',
}

/** Which jobs begin before others that wait. */
export const priorities: Record<JobPriority, string> = {
  HIGH: 'High: before others',
  NORMAL: 'Normal',
  LOW: 'Low: after others',
}
