import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { FieldProblem } from '#kernel/problem.ts'

// OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, 2 passes, 1 lane.
const settings = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const derive = promisify(argon2)

/** Hash of a password in PHC string format; about 30 ms and 19 MiB, off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { ...settings, message: password.normalize('NFKC'), nonce })
  const part = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${settings.memory},t=${settings.passes},p=${settings.parallelism}$${part(nonce)}$${part(Buffer.from(tag))}`
}

/** Does the password match this hash? False for an unreadable hash. */
export async function passwordFits(password: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored)
  if (!match) return false
  const wanted = Buffer.from(match[5]!, 'base64')
  const tag = await derive('argon2id', {
    memory: Number(match[1]),
    passes: Number(match[2]),
    parallelism: Number(match[3]),
    tagLength: wanted.length,
    message: password.normalize('NFKC'),
    nonce: Buffer.from(match[4]!, 'base64'),
  })
  return timingSafeEqual(Buffer.from(tag), wanted)
}

const common = new Set(['password1234', '123456789012', 'qwertyuiop12', 'commonweal123', 'administrator'])

/**
 * NIST SP 800-63B §5.1.1: long enough, not the login itself, not one of the worst; no rules about kinds of characters.
 */
export function checkPassword(password: string, login: string): FieldProblem[] {
  const plain = password.normalize('NFKC')
  if ([...plain].length < 12) return [{ at: '/password', code: 'identity.password-too-short', values: { least: 12 } }]
  if (plain.length > 200) return [{ at: '/password', code: 'field.too-long', values: { limit: 200 } }]
  const lower = plain.toLowerCase()
  // A short name occurs in many good passphrases: what remains without it must still be hard to guess.
  const name = login.trim().toLowerCase()
  const rest = name === '' ? lower : lower.replaceAll(name, '')
  if (rest.length < 8 || common.has(lower) || new Set(lower).size < 4)
    return [{ at: '/password', code: 'identity.password-too-easy' }]
  return []
}

/** A password a person can copy from a screen: five groups of four letters and digits, about 100 bits. */
export function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const groups = Array.from({ length: 5 }, () =>
    [...randomBytes(4)].map((byte) => letters[byte % letters.length]).join(''),
  )
  return groups.join('-')
}
