import { createCipheriv } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Fills a folder with files of 1 to `2 × size - 1` kB, in folders of 500, the same ones each time. Their contents cannot
 * be compressed and never repeat.
 */
export const fillFolder = (folder: string, { files, size }: { files: number; size: number }): void => {
  // The key stream of a cipher: random enough, and the same everywhere.
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  for (let index = 0; index < files; index++) {
    const directory = join(folder, `folder-${Math.floor(index / 500)}`)
    if (index % 500 === 0) mkdirSync(directory, { recursive: true })
    const kilobytes = 1 + ((index * 7) % (2 * size - 1))
    writeFileSync(join(directory, `file-${index}`), stream.update(Buffer.alloc(kilobytes * 1000)))
  }
}
