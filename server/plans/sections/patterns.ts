import { mostPatterns, type Pattern, type PatternProblem, patternsInput } from '../../borg/patterns.ts'
import { PatternsUnchecked } from '../../jobs/records/problems.ts'
import { InvalidInput } from '../../problems.ts'
import { type Asker, askBorgAboutPatterns } from '../pattern-check.ts'
import { defineSettings, type OutputFields } from './section.ts'

/** The first of the patterns that is wrong, in Borgitory's eyes or in borg's; null where none is. Throws `PatternsUnchecked`. */
const patternProblem = async (app: Asker, patterns: unknown): Promise<PatternProblem | null> => {
  const parsed = patternsInput.safeParse(patterns)
  if (parsed.success) return askBorgAboutPatterns(app, parsed.data)
  const [issue] = parsed.error.issues
  const [index] = issue?.path ?? []
  // What is wrong with no single one of them is their number.
  if (issue === undefined || index === undefined) {
    return { index: mostPatterns, message: `is one too many: there may be ${mostPatterns}` }
  }
  return { index: Number(index), message: issue.message }
}

const shape = { patterns: patternsInput.default([]) }

/** Rules about what is backed up of the sources. */
export const patterns = defineSettings({
  stored: shape,
  input: shape,
  graphql: ({ builder, prices }) => {
    const action = builder.enumType('PatternAction', {
      description: 'What becomes of what a pattern matches.',
      values: {
        INCLUDE: { description: 'It is backed up.' },
        EXCLUDE: { description: 'It is left out; a folder is still searched for what another pattern includes.' },
        EXCLUDE_NO_RECURSE: { description: 'It is left out; a folder with all that is in it.' },
      },
    })
    const style = builder.enumType('PatternStyle', {
      description: 'How a pattern is read (borg help patterns). Paths are matched without their first slash.',
      values: {
        SH: { description: 'Like a shell: `*` stays within a folder, `**/` goes through any number of them.' },
        FM: { description: 'Like fnmatch: `*` matches slashes too.' },
        RE: { description: 'A regular expression, found anywhere in the path.' },
        PP: { description: 'The path of a folder with all that is in it.' },
        PF: { description: 'One whole path; looked at before patterns of other styles.' },
      },
    })
    const pattern = builder.objectRef<Pattern>('Pattern').implement({
      description: 'One rule about what is backed up.',
      fields: (t) => ({
        action: t.expose('action', { type: action, description: 'What becomes of what it matches.' }),
        style: t.expose('style', { type: style, description: 'How it is read.' }),
        pattern: t.exposeString('pattern', { description: 'Its text.' }),
      }),
    })
    const patternInput = builder.inputType('PatternInput', {
      description: 'One rule about what is backed up.',
      fields: (t) => ({
        action: t.field({ type: action, required: true, description: 'What becomes of what it matches.' }),
        style: t.field({ type: style, required: true, description: 'How it is read.' }),
        pattern: t.string({ required: true, description: 'Its text: up to 1000 characters.' }),
      }),
    })
    const problem = builder.objectRef<PatternProblem>('PatternProblem').implement({
      description: 'What is wrong with one of several patterns.',
      fields: (t) => ({
        index: t.exposeInt('index', { description: 'Its place among the patterns, from 0.' }),
        message: t.exposeString('message', { description: 'What is wrong with it.' }),
      }),
    })
    builder.queryField('patternProblem', (t) =>
      t.field({
        type: problem,
        nullable: true,
        authScopes: { acting: true },
        // Starts borg, up to nine times: some in one operation are enough.
        complexity: prices.program,
        description: 'The first of the patterns that is wrong, as borg itself sees it; null where none is.',
        args: { patterns: t.arg({ type: [patternInput], required: true, description: 'The patterns, in order.' }) },
        errors: { types: [PatternsUnchecked] },
        resolve: (_root, { patterns }, context) => patternProblem(context, patterns),
      }),
    )
    return {
      inputs: (t) => ({
        patterns: t.field({
          type: [patternInput],
          description:
            'Rules about what is backed up: the first that matches decides. Up to 200; none where they are left out.',
        }),
      }),
      outputs: (t: OutputFields<{ patterns: Pattern[] }>) => ({
        patterns: t.field({
          type: [pattern],
          description: 'Rules about what is backed up: the first that matches decides.',
          resolve: ({ patterns }) => patterns,
        }),
      }),
    }
  },
  check: async (app, { patterns }: { readonly patterns: readonly Pattern[] }, { path }) => {
    const problem = await askBorgAboutPatterns(app, patterns)
    if (problem === null) return
    throw new InvalidInput([
      { path: [...path, 'patterns', String(problem.index), 'pattern'], message: problem.message },
    ])
  },
})
