import { useClient } from '@urql/solid'
import Plus from 'lucide-solid/icons/plus'
import { createEffect, createSignal, createUniqueId, For, on, Show } from 'solid-js'
import { produce } from 'solid-js/store'
import { parse } from '../../../api/documents.ts'
import { type PatternAction, PatternProblemDocument, type PatternStyle } from '../../../api/gql/graphql.ts'
import { Button } from '../../../parts/button.tsx'
import { createDebounced } from '../../../parts/debounced.ts'
import { OrderedList } from '../../../parts/ordered-list.tsx'
import { patternActions, patternStyles } from '../../../text/words.ts'
import { emptyPattern, moveItem, type PatternDraft } from '../draft.ts'
import type { EditorSection } from './section.ts'

const actions = Object.entries(patternActions) as [PatternAction, string][]
const styles = Object.entries(patternStyles) as [PatternStyle, { word: string }][]

/** What borg says to a rule, a moment after the last key; nothing until the rule was changed. */
const createCheck = (pattern: PatternDraft) => {
  const client = useClient()
  const [problem, setProblem] = createSignal<string>()
  const written = () => ({ action: pattern.action, style: pattern.style, pattern: pattern.pattern })
  const settled = createDebounced(written)
  createEffect(on(written, () => setProblem(undefined), { defer: true }))
  createEffect(
    on(
      settled,
      async (asked) => {
        if (asked.pattern.trim() === '') return
        const { data } = await client.query(parse(PatternProblemDocument), { patterns: [asked] }).toPromise()
        const isCurrent = asked.style === pattern.style && asked.pattern === pattern.pattern
        const answer = data?.patternProblem
        if (isCurrent && answer?.__typename === 'PatternProblem') setProblem(answer.message)
      },
      { defer: true },
    ),
  )
  return problem
}

const Row = (props: {
  pattern: PatternDraft
  index: number
  change: (wanted: Partial<PatternDraft>) => void
  problem: string | undefined
}) => {
  const id = createUniqueId()
  const found = createCheck(props.pattern)
  const problem = () => found() ?? props.problem
  const label = (what: string) => `Rule ${props.index + 1}: ${what}`
  return (
    <div class="grid min-w-0 flex-1 gap-1">
      <div class="grid gap-2 sm:grid-cols-2">
        <select
          class="control"
          aria-label={label('what to do')}
          onChange={(event) => props.change({ action: event.currentTarget.value as PatternAction })}
        >
          <For each={actions}>
            {([action, word]) => (
              <option value={action} selected={action === props.pattern.action}>
                {word}
              </option>
            )}
          </For>
        </select>
        <select
          class="control"
          aria-label={label('style')}
          aria-describedby={`${id}-hint`}
          onChange={(event) => props.change({ style: event.currentTarget.value as PatternStyle })}
        >
          <For each={styles}>
            {([style, { word }]) => (
              <option value={style} selected={style === props.pattern.style}>
                {word}
              </option>
            )}
          </For>
        </select>
      </div>
      <input
        class="control font-mono"
        autocomplete="off"
        spellcheck={false}
        data-pattern
        aria-label={label('pattern')}
        aria-invalid={problem() ? 'true' : undefined}
        aria-describedby={problem() ? `${id}-problem ${id}-hint` : `${id}-hint`}
        value={props.pattern.pattern}
        onInput={(event) => props.change({ pattern: event.currentTarget.value })}
      />
      <p id={`${id}-problem`} aria-live="polite" class="text-failed empty:hidden">
        {problem()}
      </p>
      <p id={`${id}-hint`} class="text-[13px] text-muted">
        {patternStyles[props.pattern.style].explanation}
      </p>
    </div>
  )
}

const Patterns: EditorSection['Fields'] = (props) => {
  let region: HTMLDivElement | undefined
  const edit = (change: (patterns: PatternDraft[]) => void) => props.setDraft('patterns', produce(change))
  const add = () => {
    edit((patterns) => patterns.push(emptyPattern()))
    ;[...(region?.querySelectorAll<HTMLElement>('[data-pattern]') ?? [])].at(-1)?.focus()
  }
  return (
    <div ref={region} class="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p class="text-muted">
        Asked from top to bottom: the first rule that matches a file or folder decides. What none matches is backed up.
        “{patternActions.EXCLUDE}” still looks into a folder for what another rule backs up; “
        {patternActions.EXCLUDE_NO_RECURSE}” does not.
      </p>
      <OrderedList
        label="Rules"
        word="Rule"
        items={props.draft.patterns}
        onMove={(index, by) => edit((patterns) => moveItem(patterns, index, by))}
        onRemove={(index) => edit((patterns) => patterns.splice(index, 1))}
      >
        {(pattern, index, buttons) => (
          <div class="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
            <Row
              pattern={pattern}
              index={index()}
              change={(wanted) => props.setDraft('patterns', index(), wanted)}
              problem={props.problem('patterns', String(index()))}
            />
            {buttons}
          </div>
        )}
      </OrderedList>
      <Show when={props.ownProblem('patterns')}>{(problem) => <p class="text-failed">{problem()}</p>}</Show>
      <Show when={props.draft.patterns.length < 200}>
        <Button class="justify-self-start" onClick={add}>
          <Plus size={16} aria-hidden="true" />
          Add rule
        </Button>
      </Show>
    </div>
  )
}

/** The rules about what is backed up, in the order in which borg asks them. */
export const patterns: EditorSection = { title: 'Rules', Fields: Patterns }
