import { For } from 'solid-js'
import { SystemDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { Loaded } from '../../parts/loading.tsx'
import { Section } from '../../parts/page.tsx'
import { ToneIcon } from '../../parts/state-badge.tsx'

/** The versions of Borgitory and of the programs that it drives. */
export const Programs = () => {
  const [result, retry] = createLiveQuery({ query: SystemDocument })
  return (
    <Loaded data={result.data?.system} error={result.error} retry={retry}>
      {(system) => (
        <>
          <p>
            Borgitory <span class="font-mono">{system.version}</span>
          </p>
          <Section title="Programs on the server">
            <ul class="card divide-y divide-line">
              <For each={system.tools}>
                {(tool) => (
                  <li class="flex gap-3 px-4 py-3">
                    <span class="mt-0.5">
                      <ToneIcon tone={tool.version === null ? 'failed' : tool.problem ? 'warning' : 'good'} />
                    </span>
                    <div class="min-w-0">
                      <p>
                        <span class="font-medium">{tool.name}</span>{' '}
                        <span class="font-mono text-muted">{tool.version ?? 'not installed'}</span>
                      </p>
                      <p class="text-muted">{tool.problem ?? 'Nothing is missing.'}</p>
                    </div>
                  </li>
                )}
              </For>
            </ul>
          </Section>
        </>
      )}
    </Loaded>
  )
}
