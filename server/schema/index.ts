import '../archives/graphql.ts'
import '../folders/graphql.ts'
import '../jobs/graphql.ts'
import '../jobs/history-graphql.ts'
import '../jobs/output-graphql.ts'
import '../jobs/policies-graphql.ts'
import '../jobs/queue-graphql.ts'
import '../jobs/task-graphql.ts'
import '../plans/graphql.ts'
import '../plans/hooks-graphql.ts'
import '../plans/statistics-graphql.ts'
import '../repositories/graphql.ts'
import '../schedules/calendar-graphql.ts'
import '../schedules/graphql.ts'
import '../system/graphql.ts'
import '../users/graphql.ts'
import './scalars.ts'
import { isObjectType } from 'graphql'
import { builder } from './builder.ts'

/** The whole schema; each noun adds its part by being imported above. */
export const schema = builder.toSchema()

// The Prisma plugin adds this field without a way to describe it.
for (const type of Object.values(schema.getTypeMap())) {
  const totalCount = isObjectType(type) ? type.getFields().totalCount : undefined
  if (totalCount) totalCount.description ??= 'Number of items in the whole list.'
}
