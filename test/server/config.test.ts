import { expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'

const agendaUrl = (url: string | undefined) => readConfig({ AGENDA_URL: url }).agendaUrl?.reveal()

it('should take the address of a queue, or none', () => {
  const urls = [
    'postgresql://ada:word@db.example:5433/queue?sslmode=require',
    'postgres://db/queue',
    'mongodb://ada:word@one:27017,two:27017/queue?replicaSet=rs0',
    'mongodb+srv://cluster.example/queue',
  ]
  expect(urls.map(agendaUrl)).toEqual(urls)
  expect(agendaUrl('')).toBeUndefined()
  expect(agendaUrl(undefined)).toBeUndefined()
})

it.each(['redis://db/queue', 'postgresql://ada:s3cret@db', 'mongodb://ada:s3cret@db/', 'nonsense s3cret'])(
  'should refuse %s without repeating what may be a password',
  (url) => {
    const read = () => agendaUrl(url)
    expect(read).toThrow(/^AGENDA_URL: must be postgresql:\/\//)
    expect(read).not.toThrow(/s3cret/)
  },
)

it('should not print the address', () => {
  const config = readConfig({ AGENDA_URL: 'postgresql://ada:s3cret@db/queue' })
  expect(JSON.stringify(config)).not.toContain('s3cret')
})
