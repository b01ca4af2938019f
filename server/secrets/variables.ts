import { Secret } from './secret.ts'

/** Variables of an environment, by name. */
export type SecretVariables = Readonly<Record<string, Secret>>

/** Several variables as one secret, to be sealed. */
export const packVariables = (variables: SecretVariables): Secret =>
  new Secret(
    JSON.stringify(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value.reveal()]))),
  )

/** What `packVariables` has packed. */
export const unpackVariables = (packed: Secret): SecretVariables =>
  Object.fromEntries(
    Object.entries(JSON.parse(packed.reveal()) as Record<string, string>).map(([name, value]) => [
      name,
      new Secret(value),
    ]),
  )
