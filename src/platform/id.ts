import { randomFillSync } from 'node:crypto'
import { idSchema } from '#kernel/fields/schema.ts'

const bytes = Buffer.alloc(16)
let last = 0
let sequence = 0

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then a counter of 12 bits so that identifiers made in one
 * process rise strictly, then 62 random bits.
 */
export function newId(): string {
  let now = Date.now()
  if (now <= last) {
    now = last
    sequence += 1
    if (sequence > 0xfff) {
      now += 1
      sequence = 0
    }
  } else sequence = 0
  last = now
  randomFillSync(bytes, 8)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | (sequence >> 8)
  bytes[7] = sequence & 0xff
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The least identifier of a millisecond: those made before it lie below. */
export const firstIdAt = (milliseconds: number): string => {
  const hex = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** How every id here is written. */
export const idPattern = new RegExp(String(idSchema.pattern))

/** Is it written like that? Anything else finds nothing, and must not reach the database as a uuid. */
export const isId = (text: string): boolean => idPattern.test(text)
