import { SafetyDocument } from '../../api/gql/graphql.ts'
import { createLiveQuery } from '../../api/live-query.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { paths } from '../../paths.ts'
import { NextRuns } from './next-runs.tsx'
import { RanLast } from './ran-last.tsx'
import { Running } from './running.tsx'
import { Safety } from './safety.tsx'

export default function Overview() {
  const [result, retry] = createLiveQuery({ query: SafetyDocument })
  return (
    <Page title="Overview">
      <Loaded
        data={result.data}
        error={result.error}
        retry={retry}
        isEmpty={(data) => data.repositories.totalCount === 0}
        empty={
          <Empty title="Nothing is backed up yet.">
            <p class="max-w-md text-muted">
              A repository is the place that backups go to. Create a new one, or import one that borg made before.
            </p>
            <div class="flex flex-wrap justify-center gap-2">
              <ButtonLink href={paths.createRepository} look="primary">
                Create repository
              </ButtonLink>
              <ButtonLink href={paths.importRepository}>Import repository</ButtonLink>
            </div>
          </Empty>
        }
      >
        {(data) => (
          <>
            <Safety data={data} />
            <Running />
            <RanLast />
            <NextRuns />
          </>
        )}
      </Loaded>
    </Page>
  )
}
