import { A } from '@solidjs/router'
import { type JSX, Show, splitProps } from 'solid-js'
import { canAct } from '../api/rights.ts'

type Look = 'primary' | 'plain' | 'danger' | 'quiet'

const shape =
  'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 py-1.5 font-medium whitespace-nowrap transition-colors disabled:opacity-60 disabled:cursor-not-allowed'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-edge bg-surface hover:bg-sunken',
  danger: 'border border-failed text-failed bg-surface hover:bg-failed-soft',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
}

/** `acts`: it starts or changes something. It is not there for those who may only look. */
interface Acts {
  acts?: boolean
}

interface Props extends JSX.ButtonHTMLAttributes<HTMLButtonElement>, Acts {
  look?: Look
}

/** A button that does something here. It submits only where `type="submit"` says so. */
export const Button = (props: Props) => {
  const [own, rest] = splitProps(props, ['look', 'class', 'acts'])
  return (
    <Show when={!own.acts || canAct()}>
      <button type="button" {...rest} class={`${shape} ${looks[own.look ?? 'plain']} ${own.class ?? ''}`} />
    </Show>
  )
}

/** A link that looks like a button. */
export const ButtonLink = (props: Acts & { href: string; look?: Look; class?: string; children: JSX.Element }) => (
  <Show when={!props.acts || canAct()}>
    <A href={props.href} class={`${shape} ${looks[props.look ?? 'plain']} ${props.class ?? ''}`}>
      {props.children}
    </A>
  </Show>
)
