import { nodeTypes } from './api/gql/types.ts'

/** Whether a text can be the id of anything: base64 of a type and an id. Links may hold any text. */
export const isId = (text: string) => {
  try {
    const [type = '', ...rest] = atob(text).split(':')
    return (nodeTypes as readonly string[]).includes(type) && rest.join(':') !== ''
  } catch {
    return false
  }
}

/** The id that a part of an address holds. */
export const readId = (part: string) => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
