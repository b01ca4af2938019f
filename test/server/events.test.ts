import { describe, expect, test } from 'vitest'
import { createEvents } from '../../server/events.ts'

describe('watch', () => {
  test('yields what is announced after the call, also before it is read', async () => {
    const events = createEvents()
    events.publish('job:changed', 'too early')
    const watcher = await events.watch('job:changed')
    events.publish('job:changed', 'one')
    events.publish('repository:changed', 'another kind')
    events.publish('job:changed', 'two')
    expect(await watcher.next()).toEqual({ done: false, value: { name: 'job:changed', id: 'one' } })
    expect(await watcher.next()).toEqual({ done: false, value: { name: 'job:changed', id: 'two' } })
    const waiting = watcher.next()
    events.publish('job:changed', 'three')
    expect(await waiting).toEqual({ done: false, value: { name: 'job:changed', id: 'three' } })
    await watcher.return?.()
  })

  test('yields only the id that is asked for', async () => {
    const events = createEvents()
    const watcher = await events.watch('job:changed', 'mine')
    const waiting = watcher.next()
    events.publish('job:changed', 'other')
    events.publish('job:changed', 'mine')
    expect(await waiting).toEqual({ done: false, value: { name: 'job:changed', id: 'mine' } })
    await watcher.return?.()
  })

  test('leaves repetitions out for a slow reader, never the last one', async () => {
    const events = createEvents()
    const watcher = await events.watch('job:changed')
    for (let i = 0; i < 1000; i++) {
      events.publish('job:changed', 'a')
      events.publish('job:changed', 'b')
    }
    expect(await watcher.next()).toMatchObject({ value: { id: 'a' } })
    events.publish('job:changed', 'a')
    expect(await watcher.next()).toMatchObject({ value: { id: 'b' } })
    expect(await watcher.next()).toMatchObject({ value: { id: 'a' } })
    const waiting = watcher.next()
    await watcher.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test('gives each watcher everything, and ends one without the others', async () => {
    const events = createEvents()
    const [one, two] = [await events.watch('task:output'), await events.watch('task:output')]
    const waiting = one.next()
    await one.return?.()
    expect(await waiting).toMatchObject({ done: true })
    events.publish('task:output', 'id')
    expect(await one.next()).toMatchObject({ done: true })
    expect(await two.next()).toMatchObject({ value: { id: 'id' } })
    await two.return?.()
  })

  test('ends where its reader leaves the loop', async () => {
    const events = createEvents()
    const watcher = await events.watch('job:changed')
    events.publish('job:changed', 'one')
    for await (const { id } of watcher) {
      expect(id).toBe('one')
      break
    }
    events.publish('job:changed', 'two')
    expect(await watcher.next()).toMatchObject({ done: true })
  })
})
