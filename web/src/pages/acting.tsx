import type { RouteSectionProps } from '@solidjs/router'
import { Show } from 'solid-js'
import { canAct } from '../api/rights.ts'
import { ButtonLink } from '../parts/button.tsx'
import { Empty } from '../parts/loading.tsx'
import { Page } from '../parts/page.tsx'
import { paths } from '../paths.ts'

/** Pages that are for starting or changing something. */
export default function Acting(props: RouteSectionProps) {
  return (
    <Show
      when={canAct()}
      fallback={
        <Page title="Not for viewers">
          <Empty title="You may look, but not change anything here.">
            <p class="text-muted">An administrator can.</p>
            <ButtonLink href={paths.overview}>Go to the overview</ButtonLink>
          </Empty>
        </Page>
      }
    >
      {props.children}
    </Show>
  )
}
