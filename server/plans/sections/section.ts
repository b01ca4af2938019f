import type { z } from 'zod'
import type { BackupPlan, Hook, Prisma, Repository } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import type { NewTask } from '../../jobs/records/kind-definition.ts'
import type { builder, prices, SchemaTypes } from '../../schema/builder.ts'

/** What a section makes its part of the API with: sections lie below the API, and are given it. */
export interface Api {
  readonly builder: typeof builder
  readonly prices: typeof prices
}

export type InputFields = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>
export type OutputFields<Parent extends object> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>

/** Where settings are to be used, and where in the input they stand. */
export interface Place {
  readonly repository: Repository
  /** Null for a backup without a plan. */
  readonly planName: string | null
  readonly path: readonly string[]
}

/**
 * A part of what a backup is asked to do: it is stored with the settings of a plan and of each job, and a backup without a
 * plan is asked for it just so.
 */
export interface SettingsSection<
  Stored extends z.ZodRawShape,
  Input extends z.ZodRawShape,
  Outputs extends object,
  Needed,
> {
  /** What is stored. What older records lack has a default. */
  readonly stored: Stored
  /** What a person may ask for; what is left out has a default. */
  readonly input: Input
  /** Adds its types to the API, and tells its fields of what is asked for (`isWhole`: in one piece, for a plan) and shown. */
  readonly graphql: (api: Api) => {
    readonly inputs: (t: InputFields, isWhole: boolean) => object
    readonly outputs: (t: OutputFields<Outputs>) => object
  }
  /** Refuses what is wrong only in its place, or only in the eyes of borg. Throws `InvalidInput` and the like. */
  readonly check?: (app: App, settings: Needed, place: Place) => Promise<void>
}

const nothing = async () => {}

export const defineSettings = <
  Stored extends z.ZodRawShape,
  Input extends z.ZodRawShape,
  Outputs extends object,
  Needed = unknown,
>(
  section: SettingsSection<Stored, Input, Outputs, Needed>,
) => ({ check: nothing as NonNullable<typeof section.check>, ...section })

/** What the tasks of a job are made from: its plan, with its hooks in any order; null for a backup without one. */
export type PlanToRun =
  | (Pick<BackupPlan, 'retries' | 'retryDelay' | 'timeLimit'> & { readonly hooks: readonly Hook[] })
  | null

/** Tasks that a section adds to the job of a plan, among those of the others: each list in the order of the sections. */
export interface AddedTasks {
  readonly before?: readonly NewTask[]
  readonly main?: readonly NewTask[]
  readonly after?: readonly NewTask[]
}

/** A part of how a plan is run: it has columns or rows of its own. */
export interface PlanSection<Input extends z.ZodRawShape> {
  /** What a person may say of it; what is left out stays as it is. */
  readonly input: Input
  /** Adds its types and the fields of a plan to the API, and tells its fields of what is asked for. */
  readonly graphql: (api: Api) => { readonly inputs: (t: InputFields, isNew: boolean) => object }
  /** Whether only administrators may say this. */
  readonly isRestricted?: (input: { readonly [Key in keyof Input]?: unknown }) => boolean
  /** Refuses what is wrong only in its place. Throws `InvalidInput`. */
  readonly check?: (input: z.output<z.ZodObject<Input>>) => Promise<void>
  /** The columns of the plan that are written. */
  readonly columns?: (input: z.output<z.ZodObject<Input>>) => Prisma.BackupPlanUncheckedUpdateInput
  /** Writes what has rows of its own. */
  readonly write?: (
    app: App,
    records: Prisma.TransactionClient,
    plan: { readonly planId: string; readonly input: z.output<z.ZodObject<Input>> },
  ) => Promise<void>
  readonly tasks: (plan: PlanToRun) => AddedTasks
}

export const definePlanSection = <Input extends z.ZodRawShape>(section: PlanSection<Input>) => ({
  isRestricted: () => false,
  check: nothing,
  columns: () => ({}),
  write: nothing,
  ...section,
})
