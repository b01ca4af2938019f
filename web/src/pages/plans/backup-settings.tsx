import { For, Show } from 'solid-js'
import type { BackupSettingsPartsFragment } from '../../api/gql/graphql.ts'
import { patternActions } from '../../text/words.ts'

/** What a backup is asked to do: sentences about it, its folders, its rules and how its archive is called. */
export const BackupSettings = (props: {
  settings: BackupSettingsPartsFragment
  sentences: readonly string[]
  /** What stands above the template of the archive's name. */
  archiveWord: string
}) => (
  <>
    <ul class="grid gap-1">
      <For each={props.sentences}>{(sentence) => <li>{sentence}</li>}</For>
    </ul>
    <div class="grid gap-1">
      <h3 class="text-[13px] text-muted">Folders</h3>
      <ul class="font-mono text-[13px]">
        <For each={props.settings.sources}>{(source) => <li class="whitespace-pre-wrap">{source}</li>}</For>
      </ul>
    </div>
    <Show when={props.settings.patterns.length > 0}>
      <div class="grid gap-1">
        <h3 class="text-[13px] text-muted">Rules, the first that matches decides</h3>
        <ol class="grid gap-1">
          <For each={props.settings.patterns}>
            {({ action, style, pattern }) => (
              <li>
                {patternActions[action]}:{' '}
                <code class="font-mono text-[13px] whitespace-pre-wrap">
                  {style.toLowerCase()}:{pattern}
                </code>
              </li>
            )}
          </For>
        </ol>
      </div>
    </Show>
    <div class="grid gap-1">
      <h3 class="text-[13px] text-muted">{props.archiveWord}</h3>
      <p class="font-mono text-[13px]">{props.settings.archiveName}</p>
      <Show when={props.settings.comment}>{(comment) => <p class="text-muted">{comment()}</p>}</Show>
    </div>
  </>
)
