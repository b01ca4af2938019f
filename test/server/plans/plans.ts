import { backupOptions } from '../../../server/borg/options.ts'
import type { ApiClient } from '../../support/api-client.ts'

export interface PlanAnswer {
  readonly __typename: string
  readonly id: string
  readonly name: string
  readonly message?: string
  readonly fields?: readonly { readonly path: readonly string[]; readonly message: string }[]
  readonly path?: string
  readonly settings: Readonly<Record<string, unknown>>
}

export const settingsFields = `
  sources comment archiveName ${Object.keys(backupOptions).join(' ')}
  patterns { action style pattern } compression { algorithm level isAuto obfuscation }`

const answerFields = `
  __typename
  ... on BackupPlan { id name settings { ${settingsFields} } }
  ... on Problem { message }
  ... on InvalidInput { fields { path message } }
  ... on LocationUnusable { path }`

type Input = Readonly<Record<string, unknown>>

export const createPlan = async (api: ApiClient, input: Input): Promise<PlanAnswer> => {
  const answer = await api.query<{ createPlan: PlanAnswer }>(
    `mutation ($input: CreatePlanInput!) { createPlan(input: $input) { ${answerFields} } }`,
    { input },
  )
  return answer.createPlan
}

export const updatePlan = async (api: ApiClient, input: Input): Promise<PlanAnswer> => {
  const answer = await api.query<{ updatePlan: PlanAnswer }>(
    `mutation ($input: UpdatePlanInput!) { updatePlan(input: $input) { ${answerFields} } }`,
    { input },
  )
  return answer.updatePlan
}

export const deletePlan = async (api: ApiClient, id: string): Promise<{ __typename: string; id?: string }> => {
  const answer = await api.query<{ deletePlan: { __typename: string; id?: string } }>(
    'mutation ($id: ID!) { deletePlan(input: {id: $id}) { __typename ... on DeletedPlan { id } } }',
    { id },
  )
  return answer.deletePlan
}
