import type { TaskDetailsFragment } from '../../api/gql/graphql.ts'
import { Facts } from '../../parts/facts.tsx'

type Counts = Extract<TaskDetailsFragment['summary'], { __typename: 'DryRunSummary' }>
type Summary = Counts | { __typename: string } | null

const count = (number: number | undefined) => number?.toLocaleString('en') ?? '–'

/** How much a backup would take and leave out, as far as its dry run has come. */
export const DryRunCounts = (props: { summary: Summary | undefined }) => {
  const found = () => (props.summary?.__typename === 'DryRunSummary' ? (props.summary as Counts) : undefined)
  return (
    <Facts
      facts={[
        { name: 'Would be backed up', value: count(found()?.included), note: 'files and folders' },
        {
          name: 'Would be left out',
          value: count(found()?.excluded),
          note: 'what is in a folder that is left out is not counted',
        },
        { name: 'Cannot be read', value: count(found()?.unreadable) },
      ]}
    />
  )
}
