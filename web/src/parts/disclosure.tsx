import { type JSX, untrack } from 'solid-js'
import { CopyButton } from './copy-button.tsx'

/** Something that few people need: closed until asked for, or open from the start where something in it is to be seen. */
export const Disclosure = (props: { title: string; isOpen?: boolean; children: JSX.Element }) => (
  <details class="min-w-0" open={untrack(() => props.isOpen)}>
    <summary class="w-fit rounded py-1 text-muted hover:text-ink">{props.title}</summary>
    <div class="mt-2">{props.children}</div>
  </details>
)

/** Text for a terminal or a program, with a way to copy it. */
export const Code = (props: { text: string; label: string }) => (
  <div class="flex items-start gap-1 rounded-md bg-sunken">
    <pre class="min-w-0 flex-1 px-3 py-2.5 font-mono text-[13px] whitespace-pre-wrap">{props.text}</pre>
    <CopyButton text={() => props.text} label={props.label} />
  </div>
)
