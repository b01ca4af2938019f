import { useNavigate } from '@solidjs/router'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { createAction } from '../../api/action.ts'
import { type JobDetailsFragment, RetryJobDocument } from '../../api/gql/graphql.ts'
import { Button } from '../../parts/button.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'
import { sayTask } from './job-words.ts'

/** Begins a job that does what this one left undone, and goes there. Says first what that is. */
export const TryAgain = (props: { job: JobDetailsFragment }) => {
  const navigate = useNavigate()
  const action = createAction(RetryJobDocument)
  const again = async () => {
    const job = await action.run({ input: { id: props.job.id } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <section aria-label="Try again" class="grid gap-2">
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="primary" disabled={action.isPending()} onClick={again}>
          <RotateCcw size={16} aria-hidden="true" />
          Try again
        </Button>
        <p class="min-w-0 flex-1 basis-80 text-muted">
          A new job does again: {props.job.retryTasks.map(sayTask).join(', ')}.
        </p>
      </div>
      <ProblemNotice problem={action.problem()} />
    </section>
  )
}
