import { createSignal, Show } from 'solid-js'
import { createAction } from '../../api/action.ts'
import { PauseQueueDocument } from '../../api/gql/graphql.ts'
import { Automation } from '../../parts/automation.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { DialogButtons, Form } from '../../parts/form.tsx'
import { ProblemNotice } from '../../parts/problem.tsx'
import { sayCount } from '../../text/counts.ts'

/** Asks why the queue is to be paused, and says what that means. */
export default function PauseQueue(props: { runningCount: number; onClose: () => void }) {
  const action = createAction(PauseQueueDocument)
  const [reason, setReason] = createSignal('')
  const input = () => ({ reason: reason() || null })
  const pause = async () => {
    if (await action.run({ input: input() })) props.onClose()
  }
  return (
    <Dialog title="Pause the queue?" isOpen onClose={props.onClose}>
      <Form class="grid grid-cols-[minmax(0,1fr)] gap-4" problems={[action.problem()]} onSubmit={pause}>
        <ul class="grid list-disc gap-1 pl-5">
          <li>
            <Show
              when={props.runningCount > 0}
              fallback="No job runs now; what begins before you confirm goes on to its end."
            >
              {sayCount(props.runningCount, 'job that runs goes', 'jobs that run go')} on to the end.
            </Show>
          </li>
          <li>Nothing new begins: neither what waits now, nor what is started or due by a schedule later.</li>
          <li>This holds until somebody resumes the queue, also when the server is restarted.</li>
        </ul>
        <TextField
          label="Reason (optional)"
          hint="Everybody who waits for a job reads it."
          placeholder="New disks until 18:00"
          maxlength={200}
          value={reason()}
          onInput={(event) => setReason(event.currentTarget.value)}
          problem={action.fieldProblem('reason')}
        />
        <ProblemNotice problem={action.problem()} />
        <Automation operation="pauseQueue" input={input()} />
        <DialogButtons onCancel={props.onClose}>
          <Button type="submit" look="primary" disabled={action.isPending()}>
            Pause the queue
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  )
}
