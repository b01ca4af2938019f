import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Text, which is what gets smaller. */
const isText = (name: string) => /\.(html|js|css|svg|json|webmanifest)$/.test(name)

/** Bytes below which a file comes in one packet in any case. */
const threshold = 1_000

/**
 * Writes beside each file of the build what the server sends in its place to browsers that take it: `.br`, and `.gz` for
 * those that reach it without TLS. This is done once, so it is done as well as it can be.
 */
export const compressFiles = (): Plugin => {
  let folder = ''
  return {
    name: 'compress-files',
    apply: 'build',
    configResolved: ({ build, root }) => {
      folder = join(root, build.outDir)
    },
    closeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!isText(name)) continue
        const file = join(folder, name)
        const content = readFileSync(file)
        if (content.length < threshold) continue
        const sizeHint = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params: sizeHint }))
        writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }))
      }
    },
  }
}
