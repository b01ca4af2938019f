import { describe, expect, it } from 'vitest'
import { customerOf, isWithin, type Network, parseNetwork } from '../../server/ip-addresses.ts'

const networks = (...texts: string[]) =>
  texts.map(parseNetwork).filter((network): network is Network => network !== null)

describe('network', () => {
  it.each(['', 'nas', '10.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '0x7f.1', 'fd00::/129', '::1%/64', '/8'])(
    'should not be read from %j',
    (text) => expect(parseNetwork(text)).toBeNull(),
  )

  it('should hold the addresses that begin with its bits, however they are written', () => {
    const trusted = networks('127.0.0.1', '10.0.0.0/8', 'fd00::/8', '2001:db8::1')
    for (const address of [
      '127.0.0.1',
      '::ffff:127.0.0.1',
      '10.200.3.4',
      '::ffff:a01:203',
      'fdab::9',
      '2001:DB8:0::1',
    ]) {
      expect(isWithin(address, trusted), address).toBe(true)
    }
    for (const address of ['127.0.0.2', '11.0.0.1', '::1', '2001:db8::2', 'unknown', '', '10.0.0', '167772161']) {
      expect(isWithin(address, trusted), address).toBe(false)
    }
  })

  it('should be all of them with a length of 0, of its own kind', () => {
    expect(isWithin('192.0.2.1', networks('0.0.0.0/0'))).toBe(true)
    expect(isWithin('2001:db8::1', networks('0.0.0.0/0'))).toBe(false)
  })
})

it('should take the addresses of IPv6 that one customer has for one, and those of IPv4 each for itself', () => {
  const first = customerOf('2001:db8:1:2::1')
  for (const same of ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:0001:0002::', '2001:db8:1:2::192.0.2.1']) {
    expect(customerOf(same), same).toBe(first)
  }
  for (const other of ['2001:db8:1:3::1', '2001:db8::1', '::1', '192.0.2.1']) expect(customerOf(other)).not.toBe(first)
  expect(customerOf('192.0.2.1')).not.toBe(customerOf('192.0.2.2'))
  expect(customerOf('::ffff:192.0.2.1')).toBe(customerOf('192.0.2.1'))
  expect(customerOf('unknown')).toBe('unknown')
})
