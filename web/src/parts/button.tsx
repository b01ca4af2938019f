import { A } from '@solidjs/router'
import { type JSX, splitProps } from 'solid-js'

type Look = 'primary' | 'plain' | 'danger' | 'quiet'

const shape =
  'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3 py-1.5 font-medium whitespace-nowrap transition-colors disabled:opacity-60 disabled:cursor-not-allowed'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-edge bg-surface hover:bg-sunken',
  danger: 'border border-failed text-failed bg-surface hover:bg-failed-soft',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
}

interface Props extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look
}

/** A button that does something here. It submits only where `type="submit"` says so. */
export const Button = (props: Props) => {
  const [own, rest] = splitProps(props, ['look', 'class'])
  return <button type="button" {...rest} class={`${shape} ${looks[own.look ?? 'plain']} ${own.class ?? ''}`} />
}

/** A link that looks like a button. */
export const ButtonLink = (props: { href: string; look?: Look; class?: string; children: JSX.Element }) => (
  <A href={props.href} class={`${shape} ${looks[props.look ?? 'plain']} ${props.class ?? ''}`}>
    {props.children}
  </A>
)
