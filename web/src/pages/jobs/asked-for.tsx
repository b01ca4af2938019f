import type { JobDetailsFragment } from '../../api/gql/graphql.ts'
import { Automation } from '../../parts/automation.tsx'
import { Section } from '../../parts/page.tsx'
import { jobKinds } from '../../text/kinds.ts'
import { BackupSettings } from '../plans/backup-settings.tsx'
import { saySettings } from '../plans/plan-words.ts'
import { sayRepositories } from './job-words.ts'
import { runInputOf } from './run-input.ts'

/** All that a backup or a dry run was asked to do, and how a program asks for the same. */
export const AskedFor = (props: { job: JobDetailsFragment; settings: NonNullable<JobDetailsFragment['backup']> }) => (
  <Section title="What was asked for">
    <div class="card grid grid-cols-[minmax(0,1fr)] gap-4 p-4">
      <BackupSettings
        settings={props.settings}
        sentences={saySettings(props.settings, sayRepositories(props.job.repositoryNames))}
        archiveWord="The name of its archive was made from"
      />
      {runInputOf(props.job) && (
        <Automation operation={jobKinds[props.job.kind].operation ?? 'startBackup'} input={runInputOf(props.job)} />
      )}
    </div>
  </Section>
)
