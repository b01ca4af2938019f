import { For, type JSX, Show } from 'solid-js'

export interface Fact {
  name: string
  value: JSX.Element
  /** Smaller, below the value. */
  note?: JSX.Element
}

/** Figures side by side, each under its name. */
export const Facts = (props: { facts: Fact[] }) => (
  <dl class="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))]">
    <For each={props.facts}>
      {(fact) => (
        <div class="min-w-0">
          <dt class="text-[13px] text-muted">{fact.name}</dt>
          <dd class="text-base font-medium tabular-nums">
            {fact.value}
            <Show when={fact.note}>
              <span class="block text-[13px] font-normal text-muted">{fact.note}</span>
            </Show>
          </dd>
        </div>
      )}
    </For>
  </dl>
)
