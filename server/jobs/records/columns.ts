/** The columns that come with each job; what is long, or seldom asked for, comes with its field. */
export const jobColumns = {
  id: true,
  kind: true,
  state: true,
  priority: true,
  repositoryId: true,
  repositoryName: true,
  waitingFor: true,
  notBefore: true,
  problem: true,
  cancelRequestedAt: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
} as const
