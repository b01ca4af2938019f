import { useSearchParams } from '@solidjs/router'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { Show } from 'solid-js'
import { Button } from './button.tsx'

const pageSize = 50

export interface Cursors {
  after?: string
  before?: string
}

/** The variables of a connection for the page that these cursors point to. */
export const pageOf = (cursors: Cursors, size = pageSize) =>
  cursors.before ? { last: size, before: cursors.before } : { first: size, after: cursors.after }

/** Keeps the cursors of a list in the address. */
export const useCursors = () => {
  const [search, setSearch] = useSearchParams<{ after?: string; before?: string }>()
  const cursors = (): Cursors => ({ after: search.after, before: search.before })
  const go = (next: Cursors) => setSearch({ after: next.after, before: next.before })
  return [cursors, go] as const
}

interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

/** The ways to the pages around this one; nothing where one page holds everything. */
export const Pager = (props: { info: PageInfo; go: (cursors: Cursors) => void; newer?: string; older?: string }) => (
  <Show when={props.info.hasNextPage || props.info.hasPreviousPage}>
    <nav aria-label="Pages" class="flex justify-end gap-2">
      <Button
        disabled={!props.info.hasPreviousPage}
        onClick={() => props.go({ before: props.info.startCursor ?? undefined })}
      >
        <ChevronLeft size={16} aria-hidden="true" />
        {props.newer ?? 'Newer'}
      </Button>
      <Button disabled={!props.info.hasNextPage} onClick={() => props.go({ after: props.info.endCursor ?? undefined })}>
        {props.older ?? 'Older'}
        <ChevronRight size={16} aria-hidden="true" />
      </Button>
    </nav>
  </Show>
)
