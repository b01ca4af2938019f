import { expect, test } from 'vitest'
import { sayInvalid } from '../../web/src/text/validity.ts'

const fine = {
  valid: false,
  badInput: false,
  valueMissing: false,
  rangeUnderflow: false,
  rangeOverflow: false,
  stepMismatch: false,
}
const input = (wrong: Partial<typeof fine>, rules: { type?: string; min?: string; max?: string } = {}) =>
  sayInvalid({ tagName: 'INPUT', type: 'text', min: '', max: '', ...rules, validity: { ...fine, ...wrong } })

test('should say in our words why a control does not take its value', () => {
  expect(input({ valueMissing: true })).toBe('Fill this in.')
  expect(sayInvalid({ tagName: 'SELECT', validity: { ...fine, valueMissing: true } })).toBe('Choose one.')
  expect(input({ valueMissing: true, badInput: true }, { type: 'number' })).toBe('This is not a number.')
  expect(input({ valueMissing: true, badInput: true }, { type: 'time' })).toBe('This is not complete.')
  expect(input({ rangeUnderflow: true }, { min: '1', max: '64' })).toBe('From 1 to 64.')
  expect(input({ rangeOverflow: true }, { max: '64' })).toBe('At most 64.')
  expect(input({ rangeUnderflow: true }, { min: '1' })).toBe('At least 1.')
  expect(input({ stepMismatch: true })).toBe('Only whole numbers.')
})

test('should say nothing of what is right, or of what has no rules', () => {
  expect(input({ valid: true })).toBeUndefined()
  expect(sayInvalid({ tagName: 'DIV' })).toBeUndefined()
})
