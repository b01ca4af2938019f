/**
 * The next number that borg encrypts with, as it stands in the files `nonce` of a repository and of its security folder:
 * 16 hexadecimal digits. Numbers below it were used, and must never be again: the same one twice gives away what was
 * encrypted with it.
 */
export const parseNonce = (text: string): bigint | null =>
  /^[0-9a-f]{1,16}$/i.test(text.trim()) ? BigInt(`0x${text.trim()}`) : null

/** Far more than anybody can have used without us knowing: each stands for 16 bytes. */
const leap = 2n ** 40n

const largest = 2n ** 64n - 1n

/** A number above all that are known, with room for those that are not. Null where there is no such number left. */
export const nonceAbove = (known: readonly bigint[]): bigint | null => {
  const next = known.reduce((most, each) => (each > most ? each : most), 0n) + leap
  return next > largest - leap ? null : next
}

export const nonceText = (nonce: bigint): string => nonce.toString(16).padStart(16, '0')
