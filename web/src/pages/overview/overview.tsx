import { EndedDocument, NextRunsDocument, RunningDocument, SafetyDocument } from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { canAct } from '../../api/rights.ts'
import { ButtonLink } from '../../parts/button.tsx'
import { Empty, Loaded } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { createQueue } from '../../parts/queue.ts'
import { paths } from '../../paths.ts'
import { NextRuns } from './next-runs.tsx'
import { RanLast } from './ran-last.tsx'
import { Running } from './running.tsx'
import { Safety } from './safety.tsx'

export default function Overview() {
  const [safety, retry] = createLiveQuery({ query: SafetyDocument })
  const [running] = createLiveQuery({ query: RunningDocument })
  const [ended, retryEnded] = createLiveQuery({ query: EndedDocument })
  const [next, retryNext] = createLiveQuery({ query: NextRunsDocument })
  const queue = createQueue()
  return (
    <Page title="Overview">
      <Loaded
        data={areSettled(running, ended, next) ? safety.data : undefined}
        error={safety.error}
        retry={retry}
        rows={6}
        isEmpty={(data) => data.repositories.totalCount === 0}
        empty={
          <Empty title="Nothing is backed up yet.">
            <p class="max-w-md text-muted">
              A repository is the place that backups go to.{' '}
              {canAct() ? 'Create a new one, or import one that borg made before.' : ''}
            </p>
            <div class="flex flex-wrap justify-center gap-2">
              <ButtonLink acts href={paths.importRepository}>
                Import repository
              </ButtonLink>
              <ButtonLink acts href={paths.createRepository} look="primary">
                Create repository
              </ButtonLink>
            </div>
          </Empty>
        }
      >
        {(data) => (
          <>
            <Safety data={data} next={next.data} />
            <Running jobs={running.data?.jobs.edges ?? []} waitingCount={queue()?.waitingCount ?? 0} />
            <RanLast data={ended.data} error={ended.error} retry={retryEnded} />
            <NextRuns data={next.data} error={next.error} retry={retryNext} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
