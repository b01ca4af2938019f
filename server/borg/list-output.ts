import { JSONParser } from '@streamparser/json'
import type { EncryptionMode } from './encryption.ts'
import { type ListedArchive, listedArchive, listedEncryption, listedRepository } from './list.ts'

/** What `borg list --json` says of a whole repository. */
export interface Listing {
  readonly archives: readonly ListedArchive[]
  /** Borg's id of the repository. */
  readonly borgId: string
  /** Null for a mode of a version to come. */
  readonly encryption: EncryptionMode | null
}

/** Why there is no listing, as the end of a sentence that begins with “Borg’s list of archives”. */
export type ListingFault = 'is missing' | 'was cut short' | 'cannot be understood'

/** Reads a listing as it is printed. It is given whole, or not at all: what lacks an archive would make that vanish. */
export interface ListingReader {
  push(data: Buffer): void
  end(): Listing | ListingFault
}

export const createListingReader = (): ListingReader => {
  const archives: ListedArchive[] = []
  let encryption: unknown
  let repository: unknown
  let isList = false
  let isEmpty = true
  let isUnderstood = true
  const parser = new JSONParser({
    paths: ['$.archives', '$.archives.*', '$.encryption', '$.repository'],
    keepStack: false,
  })
  parser.onValue = ({ value, key, stack }) => {
    if (stack.length === 2) {
      const archive = listedArchive.safeParse(value)
      if (archive.success) archives.push(archive.data)
      else isUnderstood = false
    } else if (key === 'archives') isList = Array.isArray(value)
    else if (key === 'encryption') encryption = value
    else repository = value
  }
  parser.onError = () => {
    isUnderstood = false
  }
  return {
    push(data) {
      isEmpty &&= data.toString('latin1').trim() === ''
      // What comes after a fault only adds to it.
      if (isUnderstood && !isEmpty) parser.write(data)
    },
    end() {
      if (isEmpty) return 'is missing'
      if (!isUnderstood) return 'cannot be understood'
      if (!parser.isEnded) return 'was cut short'
      const mode = listedEncryption.safeParse(encryption)
      const id = listedRepository.safeParse(repository)
      if (!isList || !mode.success || !id.success) return 'cannot be understood'
      return { archives, borgId: id.data.id, encryption: mode.data.mode }
    },
  }
}
