import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { operations } from '../api/gql/operations.ts'
import { canAct } from '../api/rights.ts'
import { paths } from '../paths.ts'
import { curlCommand } from '../text/curl-command.ts'
import { Code, Disclosure } from './disclosure.tsx'

/** How a program does what this page does; nothing for those who may not do it. */
export const Automation = (props: { operation: keyof typeof operations; input: unknown }) => (
  <Show when={canAct()}>
    <Disclosure title="Automate this (GraphQL)">
      <div class="grid gap-2">
        <Code text={operations[props.operation]} label="Copy the operation" />
        <p class="text-[13px] text-muted">Its variables:</p>
        <Code text={JSON.stringify({ input: props.input }, null, 2)} label="Copy the variables" />
        <p class="text-[13px] text-muted">
          Both, with curl and an{' '}
          <A href={paths.account} class="text-accent underline">
            API token
          </A>{' '}
          that may do it, as BORGITORY_TOKEN:
        </p>
        <Code
          text={curlCommand(operations[props.operation], props.input, location.origin)}
          label="Copy the curl command"
        />
      </div>
    </Disclosure>
  </Show>
)
