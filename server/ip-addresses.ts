import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The addresses that begin with the same bits, or a single one. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** An address, with an IPv4 address that is written as IPv6 taken for what it is; null for anything else. */
const parse = (address: string) => (isIP(address) === 0 ? null : ipaddr.process(address))

/** Reads `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`; null where it is none of these. */
export const parseNetwork = (text: string): Network | null => {
  const [, start = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = parse(start)
  if (address === null) return null
  const longest = address.kind() === 'ipv4' ? 32 : 128
  const bits = length === undefined ? longest : Number(length)
  return bits > longest ? null : [address, bits]
}

/** Whether an address lies in one of the networks. What is no address lies in none. */
export const isWithin = (address: string, networks: readonly Network[]): boolean => {
  const parsed = parse(address)
  return (
    parsed !== null && networks.some((network) => parsed.kind() === network[0].kind() && parsed.match([...network]))
  )
}

/** Bits of an IPv6 address that a provider gives to one customer; whoever has them may choose the rest at will. */
const customerBits = 64

/** What one peer is told by: an IPv4 address, or the network that it has of IPv6. Text that is no address is itself. */
export const customerOf = (address: string): string => {
  const parsed = parse(address)
  if (parsed === null) return address
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const network = parsed.toByteArray().slice(0, customerBits / 8)
  return `${Buffer.from(network).toString('hex')}::/${customerBits}`
}
