import { createVirtualizer } from '@tanstack/solid-virtual'
import ArrowDownToLine from 'lucide-solid/icons/arrow-down-to-line'
import Download from 'lucide-solid/icons/download'
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, untrack } from 'solid-js'
import { outputPageSize, readOutput, watchOutput } from '../../api/task-output.ts'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { sayCount } from '../../text/counts.ts'
import { createLines, windowAround, windowFrom } from './lines.ts'
import { createOutputSearch, OutputSearch } from './output-search.tsx'

const lineHeight = 20

/** Pixels from the end within which the reader counts as being at the end. */
const nearEnd = 24

/** So many of the last lines come with the live connection; earlier ones are read when they are scrolled to. */
const tail = 500

const saveFile = (name: string, text: string) => {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** What a task printed: live while it runs, and of any length, because only the lines in view are on the page. */
export const Output = (props: { taskId: string; lineCount: number; isLive: boolean; fileName: string }) => {
  const lines = createLines()
  const [version, setVersion] = createSignal(0)
  const [isBroken, setBroken] = createSignal(false)
  const [isFollowing, setFollowing] = createSignal(true)
  const [isReadingAll, setReadingAll] = createSignal(false)
  const [first, setFirst] = createSignal(0)
  const [scroller, setScroller] = createSignal<HTMLElement>()
  let region: HTMLElement | undefined
  let isOver = false
  onCleanup(() => {
    isOver = true
  })

  // Not as the ref: until the element is in the document, TanStack Virtual finds no window to watch its size with.
  onMount(() => setScroller(region))

  const changed = () => setVersion((value) => value + 1)
  const count = createMemo(() => {
    version()
    return lines.count
  })
  const lineAt = (index: number) => {
    version()
    return lines.at(index)
  }
  /** The lines that are laid out: those around the end, or around what was gone to. */
  const shown = createMemo(
    () => (isFollowing() ? windowAround(count() - 1, count()) : windowFrom(first(), count())),
    undefined,
    {
      equals: (a, b) => a.from === b.from && a.to === b.to,
    },
  )
  const stay = (from = shown().from) => {
    setFirst(from)
    setFollowing(false)
  }

  const put = (after: number, more: readonly string[]) => {
    lines.put(after, more)
    changed()
  }

  createEffect(
    on(
      () => props.taskId,
      (taskId) => {
        const known = untrack(() => props.lineCount)
        lines.grow(known)
        changed()
        if (!untrack(() => props.isLive)) return
        onCleanup(watchOutput(taskId, Math.max(0, known - tail), { onLines: put, onError: () => setBroken(true) }))
      },
    ),
  )
  // The end of the task says how many lines there are, also where the last ones did not come live.
  createEffect(() => {
    if (props.isLive) return
    lines.grow(props.lineCount)
    changed()
  })

  const reading = new Set<number>()
  const readPage = async (index: number) => {
    const after = index - (index % outputPageSize)
    if (reading.has(after)) return
    reading.add(after)
    try {
      put(after, await readOutput(props.taskId, after))
      setBroken(false)
    } catch {
      setBroken(true)
    } finally {
      reading.delete(after)
    }
  }

  const readAll = async () => {
    setReadingAll(true)
    try {
      let missing = lines.firstMissing(0, lines.count)
      while (missing !== undefined && !isOver) {
        const more = await readOutput(props.taskId, missing)
        if (more.length === 0) break
        put(missing, more)
        missing = lines.firstMissing(missing, lines.count)
      }
    } catch {
      setBroken(true)
    } finally {
      setReadingAll(false)
    }
  }

  const wholeText = async () => {
    await readAll()
    return Array.from({ length: lines.count }, (_, index) => `${lines.at(index) ?? ''}\n`).join('')
  }

  const virtualizer = createVirtualizer({
    get count() {
      return shown().to - shown().from
    },
    getScrollElement: () => scroller() ?? null,
    estimateSize: () => lineHeight,
    overscan: 30,
  })

  createEffect(() => {
    const items = virtualizer.getVirtualItems()
    version()
    const first = items[0]
    const last = items.at(-1)
    if (!first || !last) return
    // While it is live the newest lines are on their way already.
    const missing = lines.firstMissing(shown().from + first.index, shown().from + last.index + 1)
    if (missing !== undefined && !isBroken()) readPage(missing)
  })

  const goToEnd = () => {
    const element = scroller()
    if (element) element.scrollTop = element.scrollHeight
  }
  createEffect(
    on([count, scroller], () => {
      if (isFollowing()) requestAnimationFrame(goToEnd)
    }),
  )

  let lastTop = 0
  const scrolled = (event: { currentTarget: HTMLElement }) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
    const isAtEnd = scrollHeight - scrollTop - clientHeight < nearEnd && shown().to === count()
    if (isAtEnd) setFollowing(true)
    else if (scrollTop < lastTop && isFollowing()) stay()
    lastTop = scrollTop
  }

  /** Lays the lines around this one out, if they are not, and scrolls to it. */
  const goTo = (line: number, align: 'start' | 'center' | 'end') => {
    const isShown = line >= shown().from && line < shown().to
    stay(isShown ? undefined : windowAround(line, count()).from)
    requestAnimationFrame(() => virtualizer.scrollToIndex(line - shown().from, { align }))
  }
  const search = createOutputSearch(
    () => props.taskId,
    (line) => goTo(line, 'center'),
  )
  const holdsText = (line: string | undefined) =>
    search.text() !== '' && line?.toLowerCase().includes(search.text().toLowerCase())

  return (
    <div class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      <div class="flex flex-wrap items-center gap-2">
        <OutputSearch search={search} count={count()} />
        <div class="ml-auto flex flex-wrap items-center">
          <span class="px-2 text-muted tabular-nums">{sayCount(count(), 'line')}</span>
          <CopyButton text={wholeText} label="Copy the output" />
          <Button
            look="quiet"
            aria-label="Download the output"
            disabled={isReadingAll()}
            onClick={async () => saveFile(props.fileName, await wholeText())}
          >
            <Download size={16} aria-hidden="true" />
            Download
          </Button>
        </div>
      </div>
      <Show when={isBroken()}>
        <p role="alert" class="flex items-center gap-3 text-warning">
          Some lines could not be read.
          <Button onClick={() => setBroken(false)}>Try again</Button>
        </p>
      </Show>
      <div class="relative min-w-0">
        <section
          ref={region}
          aria-label="Output"
          tabindex="0"
          onScroll={scrolled}
          class="max-h-[max(20rem,55dvh)] min-h-16 overflow-auto rounded-card border border-line bg-sunken py-2 font-mono text-[13px]"
        >
          <Show
            when={count() > 0}
            fallback={<p class="px-3 text-muted">{props.isLive ? 'Nothing yet.' : 'It printed nothing.'}</p>}
          >
            <Show when={shown().from > 0}>
              <Button class="mx-3 mb-2" onClick={() => goTo(shown().from - 1, 'end')}>
                Show earlier lines
              </Button>
            </Show>
            <div class="relative w-full" style={{ height: `${virtualizer.getTotalSize()}px` }}>
              <For each={virtualizer.getVirtualItems()}>
                {(item) => {
                  const index = () => shown().from + item.index
                  const isChosen = () => search.line() === index()
                  return (
                    <div
                      class="absolute top-0 left-0 h-5 min-w-full px-3 leading-5 whitespace-pre"
                      classList={{
                        'bg-warning-soft': !isChosen() && holdsText(lineAt(index())),
                        'bg-accent text-on-accent': isChosen(),
                      }}
                      aria-current={isChosen() ? 'true' : undefined}
                      style={{ transform: `translateY(${item.start}px)` }}
                    >
                      {lineAt(index()) ?? '…'}
                    </div>
                  )
                }}
              </For>
            </div>
            <Show when={shown().to < count()}>
              <Button class="mx-3 mt-2" onClick={() => goTo(shown().to, 'start')}>
                Show later lines
              </Button>
            </Show>
          </Show>
        </section>
        <Show when={!isFollowing() && props.isLive}>
          <Button
            look="primary"
            class="absolute right-4 bottom-4 shadow"
            onClick={() => {
              setFollowing(true)
              goToEnd()
            }}
          >
            <ArrowDownToLine size={16} aria-hidden="true" />
            Follow the end
          </Button>
        </Show>
      </div>
    </div>
  )
}
