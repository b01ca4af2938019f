import {
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'
import type { Transport } from './graphql.ts'
import { type DocumentLimits, limits, strangersLimits, tooLarge } from './limits.ts'
import { hasManyOverlaps } from './overlaps.ts'

/** Bytes that the documents take which are kept, by `bytesPerCharacter`. */
const cacheSize = 32 * 1024 * 1024

/** What a character of a document takes once it is read: measured with the shortest fields that there are, and rounded up. */
const bytesPerCharacter = 400

/** Mistakes that are looked for in one document. */
const maxErrors = 10

/** Documents that were found valid, by their text. Those that were not used for longest make room for others. */
export type DocumentCache = LRUCache<string, DocumentNode>

export const createDocumentCache = (maxSize = cacheSize): DocumentCache =>
  new LRUCache({ maxSize, sizeCalculation: (_document, text) => text.length * bytesPerCharacter })

/** Throws a `GraphQLError` that people may see. */
const parseWithin = (text: string, { tokens, characters }: DocumentLimits): DocumentNode => {
  if (text.length > characters) throw tooLarge(`it has more than ${characters} characters`)
  try {
    const document = parse(text, { maxLexicalTokens: tokens })
    if (hasManyOverlaps(document)) throw tooLarge('it has the same fields too often')
    return document
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions.code !== undefined) throw error
    const { message, source, positions } = error
    // Nothing in a document can bring this to the beginning of a message.
    if (message.startsWith('Syntax Error: Document contains more than')) {
      throw tooLarge(`it has more than ${tokens} tokens`)
    }
    throw new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  }
}

/**
 * Reads and checks documents, at a cost that is bounded whatever they hold. Those of people who are signed in are kept;
 * nothing of a stranger's is, and strangers are not told what there is.
 */
export const readDocuments = (cache: DocumentCache): Plugin<Transport> => {
  const isStranger = ({ caller }: Transport) => caller.viewer === null
  const texts = new WeakMap<DocumentNode, string>()
  return {
    onParse: ({ context, params, setParseFn, setParsedDocument }) => {
      const text = String(params.source)
      if (isStranger(context)) return setParseFn(() => parseWithin(text, strangersLimits))
      const known = cache.get(text)
      if (known) return setParsedDocument(known)
      setParseFn(() => {
        const document = parseWithin(text, limits)
        texts.set(document, text)
        return document
      })
    },
    onValidate: ({ context, params: { documentAST }, setResult, setValidationFn }) => {
      const hideSuggestions = isStranger(context)
      const text = texts.get(documentAST)
      if (!hideSuggestions && text !== undefined && cache.has(text)) return setResult([])
      const rules = hideSuggestions ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules
      setValidationFn((schema, document) => validate(schema, document, rules, { maxErrors, hideSuggestions }))
      return ({ valid }) => {
        if (valid && !hideSuggestions && text !== undefined) cache.set(text, documentAST)
      }
    },
  }
}
