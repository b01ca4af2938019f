import { A, useNavigate, useParams } from '@solidjs/router'
import { createMemo, createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { createQuery } from '../../api/documents.ts'
import { LatestManualBackupDocument, RepositoryDocument, StartBackupDocument } from '../../api/gql/graphql.ts'
import { areSettled, createLiveQuery } from '../../api/live-query.ts'
import { isId, readId } from '../../ids.ts'
import { Automation } from '../../parts/automation.tsx'
import { CompressionFields } from '../../parts/compression-fields.tsx'
import { Disclosure } from '../../parts/disclosure.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { OptionFields } from '../../parts/option-fields.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { createSources } from '../../parts/sources.tsx'
import { paths } from '../../paths.ts'
import { sayOptions } from '../../text/options.ts'
import { isEncrypted } from '../../text/words.ts'
import { NodePage } from '../node-page.tsx'
import { createFirstPlans } from '../plans/first-plans.ts'
import { ByPlan } from './by-plan.tsx'
import { type Start, startOf } from './start.ts'

const BackupForm = (props: { repositoryId: string; isEncrypted: boolean; start: Start }) => {
  const navigate = useNavigate()
  const action = createAction(StartBackupDocument)
  const sources = createSources(props.start.sources)
  const [compression, setCompression] = createSignal(props.start.compression)
  const [options, setOptions] = createSignal(props.start.options)
  const isMore = sayOptions(props.start.options).length > 0
  const [comment, setComment] = createSignal('')
  const input = () => ({
    repositoryId: props.repositoryId,
    sources: sources.paths(),
    compression: compression(),
    ...options(),
    comment: comment(),
  })

  const submit = async () => {
    const job = await action.run({ input: input() })
    if (job) navigate(paths.job(job.id))
  }

  return (
    <Form
      class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6"
      isRight={() => !sources.areMissing()}
      problems={[action.problem()]}
      onSubmit={submit}
    >
      <Section title="Folders">
        <sources.Fields problem={action.fieldProblem('sources')} />
      </Section>
      <Section title="Compression">
        <CompressionFields
          value={compression()}
          onChange={setCompression}
          isEncrypted={props.isEncrypted}
          levelProblem={action.fieldProblem('compression', 'level')}
          obfuscationProblem={action.fieldProblem('compression', 'obfuscation')}
        />
      </Section>
      <TextField
        label="Comment"
        value={comment()}
        onInput={(event) => setComment(event.currentTarget.value)}
        hint="Optional. Kept with the archive."
        problem={action.fieldProblem('comment')}
      />
      <Disclosure title="Options" isOpen={isMore}>
        <div class="grid gap-4">
          <OptionFields
            value={options()}
            onChange={(change) => setOptions((known) => ({ ...known, ...change }))}
            problem={action.fieldProblem}
          />
        </div>
      </Disclosure>
      <ProblemNotice problem={action.problem()} />
      <div class="grid gap-4">
        <FormButtons word="Start backup" isPending={action.isPending()} back={paths.repository(props.repositoryId)} />
        <Automation operation="startBackup" input={input()} />
      </div>
    </Form>
  )
}

export default function Backup() {
  const params = useParams<{ id: string }>()
  const id = () => readId(params.id)
  const pause = () => !isId(id())
  const [result, retry] = createLiveQuery({ query: RepositoryDocument, variables: () => ({ id: id() }), pause })
  const plans = createFirstPlans(id, pause)
  const [latest] = createQuery({
    query: LatestManualBackupDocument,
    variables: () => ({ id: id() }),
    pause,
    requestPolicy: 'network-only',
  })
  const repository = () => (result.data?.node?.__typename === 'Repository' ? result.data.node : undefined)

  // Read once: what is typed after that is not overwritten.
  const start = createMemo<Start | undefined>((known) => {
    if (known || latest.fetching || (!latest.data && !latest.error)) return known
    const node = latest.data?.node
    return startOf(node?.__typename === 'Repository' ? node.latestManualBackup?.backup : null)
  })

  return (
    <NodePage
      title="Back up now"
      // With its plans, which stand above the form and would move it.
      found={areSettled(plans.result) && start() ? repository() : undefined}
      isMissing={pause() || (Boolean(result.data) && !repository())}
      missing="There is no such repository, or it was removed since."
      error={result.error}
      retry={retry}
    >
      {(found) => (
        <Page
          title="Back up now"
          above={
            <A href={paths.repository(found.id)} class="w-fit text-accent hover:underline">
              {found.name}
            </A>
          }
        >
          <ByPlan repositoryId={found.id} plans={plans.result.data?.plans} />
          <Show when={start()}>
            {(settings) => (
              <BackupForm repositoryId={found.id} isEncrypted={isEncrypted(found.encryption)} start={settings()} />
            )}
          </Show>
        </Page>
      )}
    </NodePage>
  )
}
