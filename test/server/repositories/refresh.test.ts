import { expect, test } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { RepositoryNotFound } from '../../../server/repositories/problems.ts'
import { startRefresh } from '../../../server/repositories/service.ts'
import { createApp } from '../../support/app.ts'

test('a repository that is removed while a refresh is asked for is told so by name', async () => {
  const { app } = await createApp()
  const { id } = await app.db.repository.create({ data: { name: 'r', location: '/r', state: 'READY' } })
  const user = await app.db.user.create({ data: { username: 'ada', passwordHash: '' } })
  const db = app.db.$extends({
    query: {
      repository: {
        findUnique: async ({ args, query }) => {
          const found = await query(args)
          await app.db.repository.delete({ where: { id } })
          return found
        },
      },
    },
  })
  const meanwhile = startRefresh({ ...app, db: db as unknown as Database }, user.id, id)
  await expect(meanwhile).rejects.toThrow(RepositoryNotFound)
})
