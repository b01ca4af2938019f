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

it('should take what browsers have in their address bar, or nothing', () => {
  const origin = (url: string | undefined) => readConfig({ PUBLIC_URL: url }).publicUrl?.origin
  expect(origin('https://Borg.Example/')).toBe('https://borg.example')
  expect(origin('https://borg.example:443')).toBe('https://borg.example')
  expect(origin('http://[fd00::1]:8000')).toBe('http://[fd00::1]:8000')
  expect(origin('')).toBeUndefined()
  expect(origin(undefined)).toBeUndefined()
})

it.each([
  'borg.example',
  'ftp://borg.example',
  'https://borg.example/backups',
  'https://a:b@borg.example',
  'https://x/?y',
])('should refuse %s as what browsers have in their address bar', (url) =>
  expect(() => readConfig({ PUBLIC_URL: url })).toThrow(/^PUBLIC_URL: must be an address without a path/),
)

it('should take proxies as addresses and networks, and trust nobody without', () => {
  const trusted = (text: string | undefined) => readConfig({ TRUSTED_PROXIES: text }).trustedProxies.length
  expect(trusted('127.0.0.1, 10.0.0.0/8 fd00::/8,')).toBe(3)
  expect(trusted('')).toBe(0)
  expect(trusted(undefined)).toBe(0)
  expect(() => readConfig({ TRUSTED_PROXIES: '127.0.0.1,nginx,10.0.0.0/40' })).toThrow(
    'TRUSTED_PROXIES: nginx is neither an address nor a network; use such as 127.0.0.1, 10.0.0.0/8 or fd00::/8\n' +
      'TRUSTED_PROXIES: 10.0.0.0/40 is neither',
  )
})
