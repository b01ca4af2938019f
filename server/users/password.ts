import { hash, verify } from '@node-rs/argon2'

/** Argon2id (the library's default) with OWASP's memory and one pass more than it asks for. `memoryCost` is in KiB. */
const cost = { memoryCost: 19_456, timeCost: 3, parallelism: 1 }

/** The password as an Argon2id hash, in PHC string format. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

/** Whether the password belongs to the hash. Without a hash it takes as long, so that time does not tell who exists. */
export const isPasswordOf = async (passwordHash: string | undefined, password: string): Promise<boolean> => {
  if (passwordHash !== undefined) return verify(passwordHash, password)
  await hashPassword(password)
  return false
}
