import { builder, prices } from '../schema/builder.ts'
import { readTools, readVersion, type Tool } from './service.ts'

const tool = builder.objectRef<Tool>('Tool').implement({
  description: 'A program that Borgitory drives.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, such as `borg`.' }),
    version: t.exposeString('version', { nullable: true, description: 'Its version; null where it is not installed.' }),
    problem: t.exposeString('problem', { nullable: true, description: 'What it lacks, in plain words.' }),
  }),
})

const system = builder.objectRef<Record<string, never>>('System').implement({
  description: 'The server itself.',
  fields: (t) => ({
    // Reads a file.
    version: t.string({ complexity: 10, description: 'Borgitory’s own version.', resolve: readVersion }),
    tools: t.field({
      type: [tool],
      // Starts each of them: some in one operation are enough.
      complexity: prices.program,
      description: 'The programs that it drives, asked for their versions some seconds ago at most.',
      resolve: (_system, _args, { config }) => readTools(config),
    }),
  }),
})

builder.queryField('system', (t) => t.field({ type: system, description: 'The server itself.', resolve: () => ({}) }))
