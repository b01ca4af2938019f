import { describe, expect, it } from 'vitest'
import { debounce } from '../../../../server/agenda/embedded/debounce.ts'

const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 1) + milliseconds)

describe('trailing', () => {
  it('should put off by the delay, from the first save on', () => {
    const first = debounce({ delay: 1000 }, at(0), at(0))
    expect(first).toEqual({ nextRunAt: at(1000), debounceStartedAt: at(0) })
    expect(debounce({ delay: 1000 }, at(900), at(900), first)).toEqual({
      nextRunAt: at(1900),
      debounceStartedAt: at(0),
    })
  })

  it('should never put off past maxWait', () => {
    const options = { delay: 1000, maxWait: 1500 }
    const first = debounce(options, at(0), at(0))
    const second = debounce(options, at(900), at(900), first)
    expect(second).toEqual({ nextRunAt: at(1500), debounceStartedAt: at(0) })
    expect(debounce(options, at(1500), at(1500), second)).toEqual({ nextRunAt: at(1500) })
  })

  it('should begin anew once the entry was started', () => {
    const started = { nextRunAt: null, debounceStartedAt: at(0) }
    expect(debounce({ delay: 1000, maxWait: 1500 }, at(9000), at(9000), started)).toEqual({
      nextRunAt: at(10_000),
      debounceStartedAt: at(9000),
    })
  })
})

describe('leading', () => {
  const options = { delay: 1000, strategy: 'leading' } as const

  it('should start the first and ignore what is saved within the delay, also when that one was started', () => {
    const first = debounce(options, at(0), at(0))
    expect(first).toEqual({ nextRunAt: at(0), debounceStartedAt: at(0) })
    expect(debounce(options, at(900), at(900), first)).toEqual(first)
    const started = { nextRunAt: null, debounceStartedAt: at(0) }
    expect(debounce(options, at(900), at(900), started)).toEqual(started)
  })

  it('should start again after the delay', () => {
    const started = { nextRunAt: null, debounceStartedAt: at(0) }
    expect(debounce(options, at(1000), at(1000), started)).toEqual({ nextRunAt: at(1000), debounceStartedAt: at(1000) })
  })
})
