import { type CompressionInput, compressionInput } from '../../borg/compression.ts'
import { isEncrypted } from '../../borg/encryption.ts'
import { InvalidInput } from '../../problems.ts'
import { defineSettings, type OutputFields } from './section.ts'

const shape = {
  compression: compressionInput.default({ algorithm: 'LZ4', level: null, isAuto: false, obfuscation: null }),
}

/** How an archive's chunks are compressed. */
export const compression = defineSettings({
  stored: shape,
  input: shape,
  graphql: ({ builder }) => {
    const algorithm = builder.enumType('CompressionAlgorithm', {
      description: 'How an archive’s chunks are compressed.',
      values: {
        NONE: { description: 'Not at all.' },
        LZ4: { description: 'Very fast, compresses little.' },
        ZSTD: { description: 'Fast to thorough, by level: 1 to 22, 3 where none is given.' },
        ZLIB: { description: 'Moderate, by level: 0 to 9, 6 where none is given.' },
        LZMA: { description: 'Slow and thorough, by level: 0 to 9, 6 where none is given.' },
      },
    })
    const output = builder.objectRef<CompressionInput>('Compression').implement({
      description: 'How an archive’s chunks are compressed.',
      fields: (t) => ({
        algorithm: t.expose('algorithm', { type: algorithm, description: 'The algorithm.' }),
        level: t.exposeInt('level', { nullable: true, description: 'Its level; null for borg’s own default.' }),
        isAuto: t.exposeBoolean('isAuto', {
          description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
        }),
        obfuscation: t.exposeInt('obfuscation', {
          nullable: true,
          description:
            'How the sizes of chunks are hidden: 1 to 6 or 110 to 123 in borg’s words; null where they are not.',
        }),
      }),
    })
    const input = builder.inputType('CompressionInput', {
      description: 'How an archive’s chunks are compressed.',
      fields: (t) => ({
        algorithm: t.field({ type: algorithm, required: true, description: 'The algorithm.' }),
        level: t.int({ description: 'Its level; borg’s own default where none is given.' }),
        isAuto: t.boolean({
          required: true,
          defaultValue: false,
          description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
        }),
        obfuscation: t.int({
          description:
            'Hides the sizes of chunks: 1 to 6 by a random factor, 110 to 123 by a random padding. Only for encrypted repositories.',
        }),
      }),
    })
    return {
      inputs: (t) => ({
        compression: t.field({ type: input, description: 'How chunks are compressed; LZ4 where it is left out.' }),
      }),
      outputs: (t: OutputFields<{ compression: CompressionInput }>) => ({
        compression: t.field({
          type: output,
          description: 'How its chunks are compressed.',
          resolve: ({ compression }) => compression,
        }),
      }),
    }
  },
  check: async (_app, { compression }: { readonly compression: CompressionInput }, { repository, path }) => {
    if (compression.obfuscation === null || repository.encryption === null || isEncrypted(repository.encryption)) return
    throw new InvalidInput([
      {
        path: [...path, 'compression', 'obfuscation'],
        message: 'hides nothing, because the repository is not encrypted',
      },
    ])
  },
})
