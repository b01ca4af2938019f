import type { TaskDetailsFragment } from '../../api/gql/graphql.ts'
import { Facts } from '../../parts/facts.tsx'

const count = (number: number | undefined) => number?.toLocaleString('en') ?? '–'

/** How much a backup would take and leave out, as far as its dry run has come. */
export const DryRunCounts = (props: { summary: TaskDetailsFragment['summary'] | undefined }) => (
  <Facts
    facts={[
      { name: 'Would be backed up', value: count(props.summary?.included), note: 'files and folders' },
      {
        name: 'Would be left out',
        value: count(props.summary?.excluded),
        note: 'what is in a folder that is left out is not counted',
      },
      { name: 'Cannot be read', value: count(props.summary?.unreadable) },
    ]}
  />
)
