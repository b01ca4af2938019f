import { useSearchParams } from '@solidjs/router'
import { createUniqueId, onCleanup } from 'solid-js'

/** Milliseconds without a key before the list is read anew. */
const pause = 200

/** What a list is searched for. It stands in the address as `search`, and each change starts at the first page. */
export const SearchField = (props: { label: string; placeholder: string }) => {
  const [search, setSearch] = useSearchParams<{ search?: string }>()
  const id = createUniqueId()
  let typing: ReturnType<typeof setTimeout>
  onCleanup(() => clearTimeout(typing))
  const type = (text: string) => {
    clearTimeout(typing)
    typing = setTimeout(
      () => setSearch({ search: text || undefined, after: undefined, before: undefined }, { replace: true }),
      pause,
    )
  }
  return (
    <div class="grid gap-1 max-sm:col-span-full">
      <label for={id} class="justify-self-start font-medium">
        Search
      </label>
      <input
        id={id}
        type="search"
        class="control"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={search.search ?? ''}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </div>
  )
}
