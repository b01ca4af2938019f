import Plus from 'lucide-solid/icons/plus'
import X from 'lucide-solid/icons/x'
import { createUniqueId, For, Show } from 'solid-js'
import { Button } from '../../../parts/button.tsx'
import type { VariableDraft } from '../draft.ts'

const Value = (props: {
  variable: VariableDraft
  number: number
  invalid: { 'aria-invalid': 'true' | undefined; 'aria-describedby': string | undefined }
  change: (wanted: Partial<VariableDraft>) => void
}) => {
  let box: HTMLDivElement | undefined
  const isStored = () => props.variable.isStored
  const replace = (isReplaced: boolean) => {
    props.change({ isReplaced, value: null })
    box?.querySelector<HTMLElement>(isReplaced ? 'input' : 'button')?.focus()
  }
  return (
    <div ref={box} class="flex min-w-0 flex-wrap items-center gap-2">
      <Show
        when={isStored() && !props.variable.isReplaced}
        fallback={
          <>
            <input
              class="control min-w-24 flex-1 font-mono"
              type="password"
              autocomplete="new-password"
              placeholder={isStored() ? 'new value' : 'value'}
              aria-label={`Variable ${props.number}: value`}
              {...props.invalid}
              value={props.variable.value ?? ''}
              onInput={(event) => props.change({ value: event.currentTarget.value })}
            />
            <Show when={isStored()}>
              <Button aria-label={`Keep the value of ${props.variable.name}`} onClick={() => replace(false)}>
                Keep
              </Button>
            </Show>
          </>
        }
      >
        <span class="min-w-0 flex-1 text-muted">Value kept</span>
        <Button aria-label={`Replace the value of ${props.variable.name}`} onClick={() => replace(true)}>
          Replace
        </Button>
      </Show>
    </div>
  )
}

/** The environment variables of a hook. What is stored is never shown: it is kept, or replaced by what is typed. */
export const Environment = (props: {
  variables: readonly VariableDraft[]
  edit: (change: (variables: VariableDraft[]) => void) => void
  problem: (index: number) => string | undefined
}) => {
  const id = createUniqueId()
  let list: HTMLUListElement | undefined
  const change = (index: number, wanted: Partial<VariableDraft>) =>
    props.edit((variables) => Object.assign(variables[index] ?? {}, wanted))
  const add = () => {
    props.edit((variables) => variables.push({ name: '', value: '', isStored: false, isReplaced: false }))
    ;[...(list?.querySelectorAll<HTMLElement>('[data-name]') ?? [])].at(-1)?.focus()
  }
  return (
    <div class="grid gap-2">
      <p class="font-medium">Environment variables</p>
      <p class="text-[13px] text-muted">For passwords and the like. Values are kept encrypted and never shown again.</p>
      <ul ref={list} class="grid gap-2 empty:hidden">
        <For each={props.variables}>
          {(variable, index) => {
            const problemId = () => `${id}-${index()}`
            const invalid = () => ({
              'aria-invalid': props.problem(index()) ? ('true' as const) : undefined,
              'aria-describedby': props.problem(index()) ? problemId() : undefined,
            })
            return (
              <li class="grid gap-1">
                <div class="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2">
                  <input
                    class="control font-mono"
                    data-name
                    autocomplete="off"
                    spellcheck={false}
                    placeholder="NAME"
                    aria-label={`Variable ${index() + 1}: name`}
                    {...invalid()}
                    // By its name the server finds the value that is kept.
                    readOnly={variable.isStored}
                    value={variable.name}
                    onInput={(event) => change(index(), { name: event.currentTarget.value })}
                  />
                  <Value
                    variable={variable}
                    number={index() + 1}
                    invalid={invalid()}
                    change={(wanted) => change(index(), wanted)}
                  />
                  <Button
                    look="quiet"
                    class="px-2!"
                    aria-label={`Remove variable ${variable.name || index() + 1}`}
                    onClick={() => props.edit((variables) => variables.splice(index(), 1))}
                  >
                    <X size={16} aria-hidden="true" />
                  </Button>
                </div>
                <Show when={props.problem(index())}>
                  {(problem) => (
                    <p id={problemId()} class="text-failed">
                      {problem()}
                    </p>
                  )}
                </Show>
              </li>
            )
          }}
        </For>
      </ul>
      <Button class="justify-self-start" onClick={add}>
        <Plus size={16} aria-hidden="true" />
        Add variable
      </Button>
    </div>
  )
}
