import { createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { createAction } from '../../api/action.ts'
import { type EncryptionMode, StartDryRunDocument } from '../../api/gql/graphql.ts'
import { Automation } from '../../parts/automation.tsx'
import { Button } from '../../parts/button.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Form, FormButtons } from '../../parts/form.tsx'
import { LeaveGuard } from '../../parts/leave-guard.tsx'
import { Section } from '../../parts/page.tsx'
import { createSources } from '../../parts/sources.tsx'
import { Notice } from '../../parts/state-badge.tsx'
import { type Draft, type PlanInput, planOf, settingsOf, withoutSecrets } from './draft.ts'
import { DryRun } from './dry-run.tsx'
import { ownProblemAt, problemAt, problemsOf, type Refusal } from './problems.ts'
import { sections } from './sections/index.ts'

interface Saving {
  isPending: () => boolean
  problem: () => Refusal | undefined
  setProblem: (problem: undefined) => void
}

/** The form that makes a plan and changes one. */
export const Editor = (props: {
  start: Draft
  sources: readonly string[]
  repositories: readonly { id: string; name: string; encryption: EncryptionMode | null }[]
  /** Whether there are more repositories than these. */
  isCut: boolean
  operation: 'createPlan' | 'updatePlan'
  /** The plan that is changed. */
  id?: string
  word: string
  back: string
  saving: Saving
  /** Resolves to whether it was taken; what was refused is in `saving`. */
  save: (plan: PlanInput) => Promise<(() => void) | undefined>
}) => {
  const [draft, setDraft] = createStore(props.start)
  const sources = createSources(props.sources)
  const dryRun = createAction(StartDryRunDocument)
  const [dryRunId, setDryRunId] = createSignal<string>()
  let result: HTMLDivElement | undefined

  const plan = () => planOf(draft, sources.paths())
  let saved = JSON.stringify(plan())
  const repository = () => props.repositories.find(({ id }) => id === draft.repositoryId)
  const refusals = () => [props.saving.problem(), dryRun.problem()]
  const problem = (...path: string[]) =>
    refusals()
      .map((refusal) => problemAt(refusal, ...path))
      .find(Boolean)
  const problemOf = (type: string) => refusals().find((refusal) => refusal?.__typename === type)?.message

  const tryOut = async () => {
    props.saving.setProblem(undefined)
    if (sources.areMissing()) return sources.focus()
    const job = await dryRun.run({
      input: { repositoryId: draft.repositoryId, ...settingsOf(draft, sources.paths()) },
    })
    if (!job) return
    setDryRunId(job.id)
    result?.scrollIntoView({ block: 'start' })
    result?.focus({ preventScroll: true })
  }
  const submit = async () => {
    dryRun.setProblem(undefined)
    const wanted = plan()
    const proceed = await props.save(wanted)
    if (!proceed) return
    saved = JSON.stringify(wanted)
    proceed()
  }

  return (
    <>
      <Form
        class="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8"
        isRight={() => !sources.areMissing()}
        problems={refusals()}
        onSubmit={submit}
      >
        <div class="grid gap-5">
          <TextField
            label="Name"
            required
            maxlength={100}
            value={draft.name}
            onInput={(event) => setDraft('name', event.currentTarget.value)}
            hint="What you want to call it, such as “Photos”."
            problem={problem('name') ?? problemOf('NameTaken')}
          />
          <Select
            label="Repository"
            required
            onChange={(event) => setDraft('repositoryId', event.currentTarget.value)}
            hint={
              props.isCut
                ? `Where its archives go. Only the first ${props.repositories.length} are listed: for another one, begin on its own page.`
                : 'Where its archives go.'
            }
            problem={problem('repositoryId') ?? problemOf('RepositoryNotFound') ?? problemOf('RepositoryNotReady')}
          >
            <Show when={draft.repositoryId === ''}>
              <option value="" selected>
                Choose a repository
              </option>
            </Show>
            <For each={props.repositories}>
              {({ id, name }) => (
                <option value={id} selected={id === draft.repositoryId}>
                  {name}
                </option>
              )}
            </For>
          </Select>
        </div>
        <For each={sections}>
          {({ title, Fields }) => (
            <Section title={title}>
              <Fields
                draft={draft}
                setDraft={setDraft}
                sources={sources}
                repository={repository()}
                problem={problem}
                ownProblem={(...path) =>
                  refusals()
                    .map((refusal) => ownProblemAt(refusal, ...path))
                    .find(Boolean)
                }
                problemOf={problemOf}
              />
            </Section>
          )}
        </For>
        <div class="grid gap-4">
          <For each={refusals().filter((refusal) => refusal !== undefined)}>
            {(refusal) => (
              <Notice tone="failed" role="alert">
                <p class="font-medium">{refusal === dryRun.problem() ? 'The dry run was not begun.' : 'Not saved.'}</p>
                <For each={problemsOf(refusal)}>{(sentence) => <p>{sentence}</p>}</For>
              </Notice>
            )}
          </For>
          <FormButtons word={props.word} isPending={props.saving.isPending()} back={props.back}>
            <Button onClick={tryOut} disabled={dryRun.isPending() || draft.repositoryId === ''}>
              Dry run with these settings
            </Button>
          </FormButtons>
          <Automation
            operation={props.operation}
            input={props.id ? { id: props.id, ...withoutSecrets(plan()) } : withoutSecrets(plan())}
          />
        </div>
      </Form>
      {/* Outside the form: what is typed into its search must not send it. */}
      <div ref={result} tabindex="-1" class="scroll-mt-4 outline-none empty:hidden">
        <Show when={dryRunId()} keyed>
          {(id) => <DryRun jobId={id} />}
        </Show>
      </div>
      <LeaveGuard isChanged={() => JSON.stringify(plan()) !== saved} />
    </>
  )
}
