import type { ObjectRef } from '@pothos/core'
import { type InvalidField, InvalidInput, NameTaken, type Problem } from '../problems.ts'
import { builder, type SchemaTypes } from './builder.ts'

const problemInterface = builder.interfaceRef<Problem>('Problem').implement({
  description: 'Why something that was asked for was not done.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened, what was kept and what to do, for people.' }),
  }),
})

/** Gives a class of problems to the schema, under its own name. */
export const problemType = <T extends Problem>(
  problem: new (...args: never[]) => T,
  description: string,
): ObjectRef<SchemaTypes, T> =>
  builder.objectType(problem as new () => Problem, {
    name: problem.name,
    description,
    interfaces: [problemInterface],
  }) as ObjectRef<SchemaTypes, Problem> as ObjectRef<SchemaTypes, T>

export const invalidField = builder.objectRef<InvalidField>('InvalidField').implement({
  description: 'One field of an input that breaks a rule.',
  fields: (t) => ({
    path: t.stringList({ description: 'Where the field is in the input.', resolve: ({ path }) => [...path] }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
  }),
})

builder.objectField(
  problemType(InvalidInput, 'Fields of the input break a rule; nothing was changed.'),
  'fields',
  (t) =>
    t.field({
      type: [invalidField],
      description: 'The fields, each with its rule.',
      resolve: ({ fields }) => [...fields],
    }),
)

problemType(NameTaken, 'Another of the same kind has this name; nothing was changed.')
