import { readFileSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'
import { buildSchema, type GraphQLNamedType, getNamedType, isObjectType } from 'graphql'

/** All that there is of a type, to its leaves. */
const everything = (type: GraphQLNamedType | undefined): string =>
  isObjectType(type)
    ? `{ ${Object.entries(type.getFields()).map(([name, field]) => `${name} ${everything(getNamedType(field.type))}`)} }`
    : ''

const settings = buildSchema(readFileSync('schema.graphql', 'utf8')).getType('BackupSettings')

/** What a backup is asked to do is read whole, so that an option which the server adds needs no word in a document. */
export const settingsParts = `fragment BackupSettingsParts on BackupSettings ${everything(settings)}`

/** Makes the types and documents of the web client from `schema.graphql` and the `.graphql` files beside its pages. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['web/src/**/*.graphql', settingsParts],
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
