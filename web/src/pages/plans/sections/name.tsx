import { useClient } from '@urql/solid'
import { createEffect, createSignal, Show } from 'solid-js'
import { parse } from '../../../api/documents.ts'
import { ArchiveNamePreviewDocument } from '../../../api/gql/graphql.ts'
import { createDebounced } from '../../../parts/debounced.ts'
import { TextField } from '../../../parts/field.tsx'
import { OptionFields } from '../../../parts/option-fields.tsx'
import type { EditorSection } from './section.ts'

/** The template of an archive's name, with what it would make now. */
const ArchiveName = (props: {
  template: string
  planName: string
  repositoryId: string
  onChange: (template: string) => void
  problem?: string
}) => {
  const client = useClient()
  const [preview, setPreview] = createSignal<{ name: string | null; problem: string | null }>()
  const asked = createDebounced(() => ({
    template: props.template,
    planName: props.planName.trim() || 'plan',
    repositoryId: props.repositoryId,
  }))
  createEffect(async () => {
    const variables = asked()
    if (variables.repositoryId === '') return setPreview(undefined)
    const { data } = await client.query(parse(ArchiveNamePreviewDocument), variables, { requestPolicy: 'network-only' })
    const answer = data?.archiveNamePreview
    if (variables === asked()) setPreview(answer?.__typename === 'ArchiveNamePreview' ? answer : undefined)
  })
  return (
    <TextField
      label="Name of its archives"
      isMono
      required
      value={props.template}
      onInput={(event) => props.onChange(event.currentTarget.value)}
      problem={preview()?.problem ?? props.problem}
      hint={
        <>
          <Show when={preview()?.name}>
            {(name) => (
              <span class="block">
                Now it would be <span class="font-mono text-ink">{name()}</span>
              </span>
            )}
          </Show>
          Knows <code class="font-mono">{'{hostname} {plan} {repository} {user} {now} {utcnow}'}</code> and times as in{' '}
          <code class="font-mono">{'{now:%Y-%m-%d}'}</code>.
        </>
      }
    />
  )
}

/** What its archives are called, and what is kept with them. */
export const name: EditorSection = {
  title: 'Archives',
  Fields: (props) => (
    <>
      <ArchiveName
        template={props.draft.archiveName}
        planName={props.draft.name}
        repositoryId={props.draft.repositoryId}
        onChange={(template) => props.setDraft('archiveName', template)}
        problem={props.problem('archiveName')}
      />
      <TextField
        label="Comment"
        value={props.draft.comment}
        onInput={(event) => props.setDraft('comment', event.currentTarget.value)}
        hint="Optional. Kept with each archive."
        problem={props.problem('comment')}
      />
      <OptionFields
        place="archives"
        value={props.draft.options}
        onChange={(change) => props.setDraft('options', change)}
        problem={props.problem}
      />
    </>
  ),
}
