import { A } from '@solidjs/router'
import { Notice } from '../../parts/state-badge.tsx'
import { Time } from '../../parts/time.tsx'
import { paths } from '../../paths.ts'
import { sayCount } from '../../text/counts.ts'

/** Says that what a task printed is not kept any more. */
export const RemovedOutput = (props: { at: string; lineCount: number }) => (
  <Notice tone="idle">
    Its output ({sayCount(props.lineCount, 'line')}) was removed <Time at={props.at} /> to make room.{' '}
    <A href={paths.history} class="text-accent underline">
      How much output is kept
    </A>
  </Notice>
)
