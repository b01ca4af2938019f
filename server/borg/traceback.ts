/**
 * The errors of a Python traceback, oldest first: of a chain (“During handling of the above exception, another exception
 * occurred”, “The above exception was the direct cause”) the last one ended the program. None where the text is no
 * traceback. What borg says of the system and its own arguments after it is left out.
 */
export const tracebackErrors = (text: string): readonly string[] => {
  const errors: string[] = []
  let isWithin = false
  for (const line of text.split('\n')) {
    if (line.startsWith('Traceback (most recent call last)')) isWithin = true
    else if (isWithin && /^\w/.test(line)) {
      errors.push(line)
      isWithin = false
    }
  }
  return errors
}

/** The files of borg's own that a traceback leads through to its last error, outermost first, such as `cache.py`. */
export const tracebackFiles = (text: string): readonly string[] => {
  const last = text.slice(Math.max(0, text.lastIndexOf('Traceback (most recent call last)')))
  return [...last.matchAll(/^ {2}File ".*\/borg\/(?<file>[\w/]+\.py)", line \d+/gm)].map(
    ({ groups }) => groups?.file ?? '',
  )
}
