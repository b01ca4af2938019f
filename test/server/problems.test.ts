import { expect, test } from 'vitest'
import { z } from 'zod'
import { InvalidInput, validated } from '../../server/problems.ts'

test('each field is named with what is wrong with it, and an input as a whole is not', () => {
  const schema = z
    .object({ hooks: z.array(z.object({ name: z.string().min(1, 'is missing') })) })
    .refine(({ hooks }) => hooks.length < 2, 'holds too much')
  const refused = (input: unknown) => {
    try {
      return validated(schema, input)
    } catch (error) {
      return (error as InvalidInput).message
    }
  }
  expect(refused({ hooks: [{ name: '' }] })).toBe('hooks.0.name: is missing')
  expect(refused({ hooks: [{ name: 'a' }, { name: 'b' }] })).toBe('holds too much')
  const both = new InvalidInput([
    { path: [], message: 'holds too much' },
    { path: ['name'], message: 'is missing' },
  ])
  expect(both.message).toBe('holds too much\nname: is missing')
})

test('of thousands of fields that are wrong the first are named', () => {
  const schema = z.array(z.number('is no number'))
  const refused = () => {
    try {
      return validated(schema, Array(5_000).fill('x'))
    } catch (error) {
      return (error as InvalidInput).fields
    }
  }
  expect(refused()).toHaveLength(100)
  expect(refused()[0]).toEqual({ path: ['0'], message: 'is no number' })
})
