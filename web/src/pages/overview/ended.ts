/** The jobs that ended last, the newest end first; they come in the order in which they were asked for. */
export const endedLast = <Job extends { readonly finishedAt: string | null; readonly createdAt: string }>(
  jobs: readonly Job[],
  most: number,
) => {
  const end = ({ finishedAt, createdAt }: Job) => Date.parse(finishedAt ?? createdAt)
  return jobs.toSorted((one, other) => end(other) - end(one)).slice(0, most)
}
