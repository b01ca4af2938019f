import { createSignal } from 'solid-js'
import { TextField } from '../../parts/field.tsx'

/** A passphrase, typed twice. `differs()` checks, and shows what it found. */
export const createPassphrase = () => {
  const [passphrase, setPassphrase] = createSignal('')
  const [repeated, setRepeated] = createSignal('')
  const [mismatch, setMismatch] = createSignal<string>()
  return {
    passphrase,
    differs: () => {
      setMismatch(passphrase() === repeated() ? undefined : 'The two passphrases differ.')
      return mismatch() !== undefined
    },
    clear: () => {
      setPassphrase('')
      setRepeated('')
    },
    Fields: (props: { isRequired?: boolean; hint?: string; problem?: string }) => (
      <>
        <TextField
          label="Passphrase"
          type="password"
          autocomplete="new-password"
          required={props.isRequired}
          value={passphrase()}
          onInput={(event) => setPassphrase(event.currentTarget.value)}
          hint={props.hint}
          problem={props.problem}
        />
        <TextField
          label="Passphrase again"
          type="password"
          autocomplete="new-password"
          required={props.isRequired || passphrase() !== ''}
          value={repeated()}
          onInput={(event) => setRepeated(event.currentTarget.value)}
          problem={mismatch()}
        />
      </>
    ),
  }
}
