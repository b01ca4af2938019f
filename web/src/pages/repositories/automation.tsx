import type { StartBackupInput } from '../../api/gql/graphql.ts'
import { Code, Disclosure } from '../../parts/disclosure.tsx'
import { startBackupCommand, startBackupOperation } from './start-backup-operation.ts'

/** How a program starts this very backup. */
export const Automation = (props: { input: StartBackupInput }) => (
  <Disclosure title="Automate this (GraphQL)">
    <div class="grid gap-2">
      <Code text={startBackupOperation} label="Copy the operation" />
      <p class="text-[13px] text-muted">Its variables:</p>
      <Code text={JSON.stringify({ input: props.input }, null, 2)} label="Copy the variables" />
      <p class="text-[13px] text-muted">Both, with curl:</p>
      <Code text={startBackupCommand(props.input, location.origin)} label="Copy the curl command" />
    </div>
  </Disclosure>
)
