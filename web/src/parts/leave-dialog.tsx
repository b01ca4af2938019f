import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

/** Asks before what was typed is lost. */
export default function LeaveDialog(props: { onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog
      title="Leave without saving?"
      isOpen
      onClose={props.onStay}
      footer={
        <>
          <Button onClick={props.onStay}>Stay here</Button>
          <Button look="danger" onClick={props.onLeave}>
            Discard what was changed
          </Button>
        </>
      }
    >
      <p>What you typed here is not saved yet.</p>
    </Dialog>
  )
}
