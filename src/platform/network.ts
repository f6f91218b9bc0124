/**
 * The network an address belongs to, as far as limits count it. For IPv6 it is the first 64 bits, because one household
 * has as many addresses as it likes; an IPv4 address is one network, also where it is written as IPv6.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  // `::` stands for as many groups of zero as are missing; the same network may be written with it or without.
  const whole =
    tail === undefined ? groups : [...groups, ...Array(Math.max(0, 8 - groups.length - last.length)).fill('0'), ...last]
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
