import { createSignal } from 'solid-js'
import { TextField } from '../../parts/field.tsx'

/** A password that is to hold from now on, typed twice. `isRight()` checks, and shows what it found. */
export const createNewPassword = (label: string) => {
  const [password, setPassword] = createSignal('')
  const [repeated, setRepeated] = createSignal('')
  const [mismatch, setMismatch] = createSignal<string>()
  return {
    password,
    isRight: () => {
      setMismatch(password() === repeated() ? undefined : 'The two passwords differ.')
      return mismatch() === undefined
    },
    clear: () => {
      setPassword('')
      setRepeated('')
    },
    Fields: (props: { problem: string | undefined }) => (
      <>
        <TextField
          label={label}
          type="password"
          autocomplete="new-password"
          required
          value={password()}
          onInput={(event) => setPassword(event.currentTarget.value)}
          hint="12 characters or more."
          problem={props.problem}
        />
        <TextField
          label={`${label} again`}
          type="password"
          autocomplete="new-password"
          required
          value={repeated()}
          onInput={(event) => setRepeated(event.currentTarget.value)}
          problem={mismatch()}
        />
      </>
    ),
  }
}
