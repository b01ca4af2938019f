import type { Secret } from '../secrets/secret.ts'

/**
 * A program to start: plain data, so that it can be read, shown and tested without starting anything.
 * `Event` is what one line of its standard error means.
 */
export interface Command<Event> {
  readonly program: string
  readonly args: readonly string[]
  /** Added to the small environment that every child gets. Never holds a secret. */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * Secrets that the program reads from a file descriptor: each name is the environment variable that carries the
   * descriptor's number, such as `BORG_PASSPHRASE_FD`.
   */
  readonly secrets?: Readonly<Record<string, Secret>>
  /** Secrets that the program reads from its environment, for programs that read them from nowhere else. */
  readonly secretEnvironment?: Readonly<Record<string, Secret>>
  /** Secret text for standard input, which is closed after it. Without it standard input is `/dev/null`. */
  readonly input?: Secret
  readonly workingFolder?: string
  /** Turns one line of standard error (without its newline) into an event. */
  readonly parse: (line: string) => Event
}

const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** The command as a person would type it into a shell; what is secret is not part of it. */
export const commandLine = ({ program, args }: Pick<Command<unknown>, 'program' | 'args'>): string =>
  [program, ...args].map(quote).join(' ')
