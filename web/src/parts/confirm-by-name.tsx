import { createSignal, type JSX } from 'solid-js'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { DialogButtons, Form } from './form.tsx'
import { ProblemNotice } from './problem.tsx'

/** Asks to type the name of what is about to go. The children say what will happen, in numbers. */
export const ConfirmByName = (props: {
  title: string
  name: string
  /** What the button says: what it does. */
  word: string
  isOpen: boolean
  isPending: boolean
  problem: { message: string } | undefined
  onConfirm: () => void
  onClose: () => void
  children: JSX.Element
}) => {
  const [typed, setTyped] = createSignal('')
  return (
    <Dialog title={props.title} isOpen={props.isOpen} onClose={props.onClose}>
      <Form class="grid gap-4" problems={[props.problem]} onSubmit={() => typed() === props.name && props.onConfirm()}>
        {props.children}
        <TextField
          label="Type its name to confirm"
          hint={props.name}
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <ProblemNotice problem={props.problem} />
        <DialogButtons onCancel={props.onClose}>
          <Button type="submit" look="danger" disabled={typed() !== props.name || props.isPending}>
            {props.word}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  )
}
