/*
 * An archive without something that was to be backed up is renamed to `NAME.incomplete`, or `NAME.incomplete.2` where that
 * is taken: so everyone who looks with borg sees it, and whoever imports the repository. A new name costs a new id; times,
 * sizes and comment stay, which a new comment would not leave (borg 1.2 counts the sizes anew).
 */

/** Whether the name of an archive says that it is incomplete. */
export const isIncompleteName = (name: string): boolean => /\.incomplete(?:\.\d+)?$/.test(name)

/** The name that says so of an archive. `isTaken` answers for the archives of the repository. */
export const incompleteName = async (name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> => {
  const marked = `${name}.incomplete`
  let free = marked
  for (let number = 2; await isTaken(free); number++) free = `${marked}.${number}`
  return free
}
