import { useNavigate } from '@solidjs/router'
import { createSignal } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { StartCompactDocument } from '../../api/gql/graphql.ts'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { formColumn, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { paths } from '../../paths.ts'

/** Frees the space of what was deleted from a repository. */
export const Compact = (props: { repositoryId: string }) => {
  const navigate = useNavigate()
  const action = createAction(StartCompactDocument)
  const [threshold, setThreshold] = createSignal('10')
  const submit = async () => {
    const job = await action.run({ input: { repositoryId: props.repositoryId, threshold: Number(threshold()) } })
    if (job) navigate(paths.job(job.id))
  }
  return (
    <Section title="Free space">
      <p class="text-muted">
        Archives that were deleted take up space until the repository is compacted. No other job uses it meanwhile.
      </p>
      <Form class={formColumn} problems={[action.problem()]} onSubmit={submit}>
        <TextField
          label="Threshold (percent)"
          type="number"
          min="0"
          max="100"
          required
          class="max-w-40"
          value={threshold()}
          onInput={(event) => setThreshold(event.currentTarget.value)}
          hint="A file of the repository is written anew only where at least so much of it is freed. The less, the longer it takes."
          problem={action.fieldProblem('threshold')}
        />
        <ProblemNotice problem={action.problem()} />
        <FormButtons word="Compact" isPending={action.isPending()} />
      </Form>
    </Section>
  )
}
