import { z } from 'zod'
import { archiveNameFacts } from '../../archives/names.ts'
import { archiveNameTemplateInput, defaultArchiveNameTemplate, previewArchiveName } from '../../borg/archive-name.ts'
import { commentInput } from '../../borg/create.ts'
import { InvalidInput } from '../../problems.ts'
import { RepositoryNotFound } from '../../repositories/problems.ts'
import { findRepository } from '../../repositories/service.ts'
import { defineSettings, type OutputFields } from './section.ts'

/** What an archive would be called, or why it cannot be. */
interface ArchiveNamePreview {
  readonly name: string | null
  readonly problem: string | null
}

/** What an archive is called, and what is noted with it. */
export const name = defineSettings({
  stored: {
    /** A template. One that may not be given any more is still read: what it makes is looked at when a job runs. */
    archiveName: z.string().default(defaultArchiveNameTemplate),
    comment: commentInput,
  },
  input: { archiveName: archiveNameTemplateInput.default(defaultArchiveNameTemplate), comment: commentInput },
  graphql: ({ builder }) => {
    const preview = builder.objectRef<ArchiveNamePreview>('ArchiveNamePreview').implement({
      description: 'What a template makes of an archive’s name. Either `name` or `problem` is null.',
      fields: (t) => ({
        name: t.exposeString('name', {
          nullable: true,
          description: 'The name that an archive would get now; one that is taken gets a number besides.',
        }),
        problem: t.exposeString('problem', { nullable: true, description: 'Why the template makes no name.' }),
      }),
    })
    builder.queryField('archiveNamePreview', (t) =>
      t.field({
        type: preview,
        complexity: 10,
        description: 'What a template would make of an archive’s name now.',
        args: {
          template: t.arg.string({ required: true, description: 'The template.' }),
          planName: t.arg.string({
            description: 'What `{plan}` stands for; the repository’s name where it is left out.',
          }),
          repositoryId: t.arg.globalID({
            required: true,
            description: 'The repository that the archive would go into.',
          }),
        },
        errors: { types: [RepositoryNotFound] },
        resolve: async (_root, { template, planName, repositoryId }, context): Promise<ArchiveNamePreview> => {
          const repository = await findRepository(context, repositoryId.id)
          const facts = archiveNameFacts(planName ?? null, repository.name, new Date())
          const { name, problem } = previewArchiveName(template, facts)
          return { name, problem: problem?.message ?? null }
        },
      }),
    )
    return {
      inputs: (t) => ({
        archiveName: t.string({
          description:
            'The template of the archive’s name, `{hostname}-{plan}-{utcnow}` where it is left out. Knows `{hostname}` `{plan}` (the repository’s name for a run without a plan) `{repository}` `{user}` `{now}` `{utcnow}`, and times as in `{now:%Y-%m-%d}`; names stand there with `-` for spaces, slashes and double colons. An archive’s name that is taken gets a number.',
        }),
        comment: t.string({ description: 'What is noted with the archive: up to 1000 characters.' }),
      }),
      outputs: (t: OutputFields<{ archiveName: string; comment: string }>) => ({
        archiveName: t.exposeString('archiveName', {
          description: 'The template that the archive’s name is made from.',
        }),
        comment: t.exposeString('comment', { description: 'What is noted with the archive; may be empty.' }),
      }),
    }
  },
  check: async (_app, { archiveName }: { readonly archiveName: string }, { repository, planName, path }) => {
    const { problem } = previewArchiveName(archiveName, archiveNameFacts(planName, repository.name, new Date()))
    if (problem !== null) throw new InvalidInput([{ path: [...path, 'archiveName'], message: problem.message }])
  },
})
