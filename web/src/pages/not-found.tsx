import { ButtonLink } from '../parts/button.tsx'
import { Empty } from '../parts/loading.tsx'
import { Page } from '../parts/page.tsx'
import { paths } from '../paths.ts'

/** For addresses that lead nowhere, and for things that were removed since. */
export default function NotFound(props: { what?: string }) {
  return (
    <Page title="Not found">
      <Empty title={props.what ?? 'There is no page at this address.'}>
        <ButtonLink href={paths.overview}>Go to the overview</ButtonLink>
      </Empty>
    </Page>
  )
}
