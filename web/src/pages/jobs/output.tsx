import { createVirtualizer } from '@tanstack/solid-virtual'
import ArrowDownToLine from 'lucide-solid/icons/arrow-down-to-line'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import ChevronUp from 'lucide-solid/icons/chevron-up'
import Download from 'lucide-solid/icons/download'
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, untrack } from 'solid-js'
import { outputPageSize, readOutput, watchOutput } from '../../api/task-output.ts'
import { Button } from '../../parts/button.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { sayCount } from '../../text/counts.ts'
import { createLines } from './lines.ts'

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
  const [text, setText] = createSignal('')
  const [chosen, setChosen] = createSignal(0)
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
      return count()
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
    const missing = lines.firstMissing(first.index, last.index + 1)
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
    if (scrollHeight - scrollTop - clientHeight < nearEnd) setFollowing(true)
    else if (scrollTop < lastTop) setFollowing(false)
    lastTop = scrollTop
  }

  const matches = createMemo(() => {
    version()
    return text() === '' ? [] : lines.search(text())
  })
  const isMatch = createMemo(() => new Set(matches()))

  const show = (match: number) => {
    const total = matches().length
    if (total === 0) return
    const next = (match + total) % total
    setChosen(next)
    setFollowing(false)
    const index = matches()[next]
    if (index !== undefined) virtualizer.scrollToIndex(index, { align: 'center' })
  }

  let typing: ReturnType<typeof setTimeout>
  onCleanup(() => clearTimeout(typing))
  const search = (value: string) => {
    clearTimeout(typing)
    typing = setTimeout(async () => {
      setText(value)
      if (value === '') return
      await readAll()
      if (!isOver && text() === value) show(0)
    }, 150)
  }

  return (
    <div class="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      <div class="flex flex-wrap items-center gap-2">
        <input
          type="search"
          class="control min-w-48 flex-1 sm:max-w-64"
          aria-label="Search the output"
          placeholder="Search the output"
          onInput={(event) => search(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') show(chosen() + (event.shiftKey ? -1 : 1))
          }}
        />
        <Show when={text() !== ''}>
          <span class="text-muted tabular-nums" role="status">
            {isReadingAll()
              ? 'Searching…'
              : matches().length === 0
                ? 'Nothing found'
                : `${chosen() + 1} of ${matches().length.toLocaleString('en')}`}
          </span>
          <Button look="quiet" aria-label="Previous match" onClick={() => show(chosen() - 1)}>
            <ChevronUp size={16} aria-hidden="true" />
          </Button>
          <Button look="quiet" aria-label="Next match" onClick={() => show(chosen() + 1)}>
            <ChevronDown size={16} aria-hidden="true" />
          </Button>
        </Show>
        <div class="ml-auto flex flex-wrap items-center">
          <span class="px-2 text-muted tabular-nums">{sayCount(count(), 'line')}</span>
          <CopyButton text={wholeText} label="Copy the output" />
          <Button
            look="quiet"
            aria-label="Download the output"
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
            <div class="relative w-full" style={{ height: `${virtualizer.getTotalSize()}px` }}>
              <For each={virtualizer.getVirtualItems()}>
                {(item) => (
                  <div
                    class="absolute top-0 left-0 h-5 min-w-full px-3 leading-5 whitespace-pre"
                    classList={{
                      'bg-warning-soft': isMatch().has(item.index) && matches()[chosen()] !== item.index,
                      'bg-accent text-on-accent': text() !== '' && matches()[chosen()] === item.index,
                    }}
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    {lineAt(item.index) ?? '…'}
                  </div>
                )}
              </For>
            </div>
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
