import type { CodegenConfig } from '@graphql-codegen/cli'

/** Makes the types and documents of the web client from `schema.graphql` and the `.graphql` files beside its pages. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'web/src/**/*.graphql',
  generates: {
    'web/src/api/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        scalars: {
          DateTime: 'string',
          ByteCount: 'number',
          ID: 'string',
        },
        enumType: 'string-literal',
        useTypeImports: true,
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        defaultScalarType: 'unknown',
        avoidOptionals: { field: true, inputValue: false },
      },
    },
    'web/src/api/gql/types.ts': { plugins: ['./web/codegen/types.ts'] },
    'web/src/api/gql/operations.ts': { plugins: ['./web/codegen/operations.ts'] },
  },
  silent: true,
}

export default config
