import ChevronDown from 'lucide-solid/icons/chevron-down'
import ChevronUp from 'lucide-solid/icons/chevron-up'
import { createSignal, onCleanup, Show } from 'solid-js'
import { searchOutput } from '../../api/task-output.ts'
import { Button } from '../../parts/button.tsx'
import { sayCount } from '../../text/counts.ts'

/** Milliseconds without a key before the server is asked. */
const pause = 200

/** The longest text that the server looks for. */
const longestText = 1000

/** A search in what a task printed. The server looks, part by part; `show` is called with each line to go to. */
export const createOutputSearch = (taskId: () => string, show: (line: number) => void) => {
  const [text, setText] = createSignal('')
  const [matches, setMatches] = createSignal<readonly number[]>([])
  const [chosen, setChosen] = createSignal(0)
  const [cursor, setCursor] = createSignal(0)
  const [isComplete, setComplete] = createSignal(true)
  const [isSearching, setSearching] = createSignal(false)
  const [isBroken, setBroken] = createSignal(false)
  let current = 0
  onCleanup(() => {
    current = -1
  })

  const choose = (match: number) => {
    const line = matches()[match]
    if (line === undefined) return
    setChosen(match)
    show(line)
  }

  const goOn = async () => {
    const run = current
    const known = matches().length
    setSearching(true)
    setBroken(false)
    try {
      const found = await searchOutput(taskId(), text(), cursor())
      if (run !== current) return
      setMatches([...matches(), ...found.lines])
      setCursor(found.cursor)
      setComplete(found.isComplete)
      choose(known)
    } catch {
      if (run === current) setBroken(true)
    } finally {
      if (run === current) setSearching(false)
    }
  }

  return {
    text,
    matches,
    chosen,
    cursor,
    isComplete,
    isSearching,
    isBroken,
    goOn,
    /** The line that was gone to last. */
    line: () => (text() === '' ? undefined : matches()[chosen()]),
    begin: (wanted: string) => {
      current += 1
      setText(wanted)
      setMatches([])
      setChosen(0)
      setCursor(0)
      setComplete(true)
      setSearching(false)
      setBroken(false)
      if (wanted !== '') goOn()
    },
    /** To the match after the chosen one or before it; after the last one, on through the lines or to the first. */
    go: (by: 1 | -1) => {
      const total = matches().length
      const next = chosen() + by
      if (next >= total && !isComplete()) {
        if (!isSearching()) goOn()
      } else if (total > 0) choose((next + total) % total)
    },
  }
}

/** Where the text is typed, what was found, and the ways from match to match. `count` is the number of lines so far. */
export const OutputSearch = (props: { search: ReturnType<typeof createOutputSearch>; count: number }) => {
  const { text, matches, chosen, cursor, isComplete, isSearching, isBroken, begin, go, goOn } = props.search
  let typing: ReturnType<typeof setTimeout>
  onCleanup(() => clearTimeout(typing))
  const isAll = () => isComplete() && cursor() >= props.count
  const found = () => {
    if (isSearching()) return 'Searching…'
    if (isBroken()) return 'The search broke off.'
    if (matches().length === 0) return isAll() ? 'Nothing found' : 'Nothing found so far'
    return `${(chosen() + 1).toLocaleString('en')} of ${matches().length.toLocaleString('en')}${isAll() ? '' : ' so far'}`
  }
  return (
    <>
      <input
        type="search"
        class="control min-w-48 flex-1 sm:max-w-64"
        aria-label="Search the output"
        placeholder="Search the output"
        maxlength={longestText}
        onInput={(event) => {
          const wanted = event.currentTarget.value
          clearTimeout(typing)
          typing = setTimeout(() => begin(wanted), pause)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          go(event.shiftKey ? -1 : 1)
        }}
      />
      <Show when={text() !== ''}>
        <div class="flex items-center gap-1">
          <span class="mr-1 text-muted tabular-nums" role="status">
            {found()}
          </span>
          <Button look="quiet" aria-label="Previous match" disabled={matches().length === 0} onClick={() => go(-1)}>
            <ChevronUp size={16} aria-hidden="true" />
          </Button>
          <Button look="quiet" aria-label="Next match" disabled={matches().length === 0} onClick={() => go(1)}>
            <ChevronDown size={16} aria-hidden="true" />
          </Button>
        </div>
        <Show when={!isSearching() && (isBroken() || !isAll())}>
          <p class="flex flex-wrap items-center gap-2 text-muted tabular-nums">
            Looked through {sayCount(cursor(), 'line')} so far.
            <Button onClick={goOn}>Go on</Button>
          </p>
        </Show>
      </Show>
    </>
  )
}
