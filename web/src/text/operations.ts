/** Operations that pages send, for people who want a program to send them. */
export const operations = {
  startBackup: `mutation StartBackup($input: StartBackupInput!) {
  startBackup(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`,
  startDryRun: `mutation StartDryRun($input: StartDryRunInput!) {
  startDryRun(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`,
  createPlan: `mutation CreatePlan($input: CreatePlanInput!) {
  createPlan(input: $input) {
    __typename
    ... on BackupPlan { id }
    ... on Problem { message }
  }
}`,
  updatePlan: `mutation UpdatePlan($input: UpdatePlanInput!) {
  updatePlan(input: $input) {
    __typename
    ... on BackupPlan { id }
    ... on Problem { message }
  }
}`,
  createSchedule: `mutation CreateSchedule($input: CreateScheduleInput!) {
  createSchedule(input: $input) {
    __typename
    ... on Schedule { id }
    ... on Problem { message }
  }
}`,
  updateSchedule: `mutation UpdateSchedule($input: UpdateScheduleInput!) {
  updateSchedule(input: $input) {
    __typename
    ... on Schedule { id }
    ... on Problem { message }
  }
}`,
  startSchedule: `mutation StartSchedule($input: StartScheduleInput!) {
  startSchedule(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`,
  retryJob: `mutation RetryJob($input: RetryJobInput!) {
  retryJob(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`,
  pauseQueue: `mutation PauseQueue($input: PauseQueueInput!) {
  pauseQueue(input: $input) {
    __typename
    ... on Queue { isPaused }
    ... on Problem { message }
  }
}`,
  updateQueue: `mutation UpdateQueue($input: UpdateQueueInput!) {
  updateQueue(input: $input) {
    __typename
    ... on Queue { concurrentJobs concurrentBackups }
    ... on Problem { message }
  }
}`,
  updateHistory: `mutation UpdateHistory($input: UpdateHistoryInput!) {
  updateHistory(input: $input) {
    __typename
    ... on History { days jobs outputBytes }
    ... on Problem { message }
  }
}`,
}

/** An operation with its input, as a shell command; the cookie is that of a signed-in session. */
export const curlCommand = (operation: string, input: unknown, origin: string) => {
  const body = JSON.stringify({ query: operation.replaceAll(/\s+/g, ' '), variables: { input } })
  // In single quotes a shell changes nothing but the quote itself.
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`
  return `curl ${origin}/graphql -b cookies.txt -H 'content-type: application/json' -H 'x-borgitory: 1' \\\n  -d ${quoted}`
}
