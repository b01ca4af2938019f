// @ts-check

/**
 * Tells whoever waits at the terminal what goes on.
 * @param {string} text
 */
export const say = (text) => {
  process.stdout.write(`${text}\n`)
}

/** Preparation cannot go on; the message tells a person what to do. */
export class SetupStopped extends Error {}

/**
 * Runs a whole command; a preparation that stops ends it with status 1 and a message instead of a stack.
 * @param {() => Promise<void>} command
 */
export const runCommand = async (command) => {
  try {
    await command()
  } catch (error) {
    if (!(error instanceof SetupStopped)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
