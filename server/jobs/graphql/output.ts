import { builder, prices } from '../../schema/builder.ts'
import { mostMatches, type OutputMatch, type OutputSearch, searchOutput } from '../output/search.ts'
import { forThoseWhoMay } from './task.ts'

const outputMatch = builder.objectRef<OutputMatch>('OutputMatch').implement({
  description: 'A line of output that was found.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Its place, from 0: `output(after: line)` begins with it.' }),
    text: t.exposeString('text', {
      description: 'The line; of one with more than 2,000 characters, the part around the text that was looked for.',
    }),
  }),
})

const outputSearch = builder.objectRef<OutputSearch>('OutputSearch').implement({
  description: 'What a search within the output of a task found.',
  fields: (t) => ({
    matches: t.field({
      type: [outputMatch],
      complexity: { field: 0, multiplier: mostMatches },
      description: 'The lines with the text, oldest first.',
      resolve: ({ matches }) => [...matches],
    }),
    cursor: t.exposeInt('cursor', {
      description: 'Number of lines that were looked through: the `after` that continues here.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'Whether every line that there is now was looked through; otherwise go on from `cursor`, also where nothing was found.',
    }),
  }),
})

builder.prismaObjectFields('Task', (t) => ({
  searchOutput: t.field({
    type: outputSearch,
    nullable: true,
    select: { id: true, kind: true },
    ...forThoseWhoMay,
    // Takes up to a second: some in one operation are enough.
    complexity: prices.program,
    description:
      'The lines that it printed with a text in them, whatever the case of its letters. Looks through 500,000 lines at most: where `isComplete` is false, go on from `cursor`. Null for viewers; for a hook, for all but administrators.',
    args: {
      text: t.arg.string({ required: true, description: 'The text: 1 to 1,000 characters.' }),
      after: t.arg.int({ required: true, defaultValue: 0, description: 'Number of lines to pass over.' }),
      first: t.arg.int({ required: true, defaultValue: 50, description: 'How many matches at most, up to 1,000.' }),
    },
    resolve: ({ id }, args, { jobs }) => searchOutput(jobs.outputs, id, args),
  }),
}))
