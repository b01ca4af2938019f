/** Milliseconds: what comes line by line is seen at once by anybody who watches, and a little later where much comes. */
const longest = (lines: number) => (lines >= 20 ? 40 : 15)

/**
 * Lines that a program can print before it has to wait for its reader: a socket between the two, of which Node makes the
 * pipes of a child, takes some 170 short ones. Half of that is left free.
 */
const most = 85

/**
 * For how many milliseconds lines are let gather before they are read again, after `lines` of them came in `before`
 * milliseconds: as long as nobody minds, and not so long that the program has to wait.
 */
export const gatherTime = (lines: number, before: number): number => {
  if (lines > most) return Math.floor((before * most) / lines / 2)
  const fitting = lines === 0 ? Number.POSITIVE_INFINITY : ((before + 1) * most) / lines
  return Math.floor(Math.min(longest(lines), fitting, 2 * before + 1))
}
