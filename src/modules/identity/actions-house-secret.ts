/**
 * A random secret of this installation. It signs two things that are given to people who are not signed in: the token of
 * their forms, and the mark of a device on which somebody has signed in before.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Executor } from '#platform/db/index.ts'

export type HouseSecret = { readonly sign: (text: string) => string }

/** Reads the secret, which is made on first use. */
export async function houseSecret(db: Executor): Promise<HouseSecret> {
  const fresh = randomBytes(32).toString('base64url')
  await sql`insert into commonweal."houseSecret" (secret) values (${fresh}) on conflict (one) do nothing`.execute(db)
  const { rows } = await sql<{ secret: string }>`select secret from commonweal."houseSecret"`.execute(db)
  const { secret } = rows[0]!
  return { sign: (text) => createHmac('sha256', secret).update(text).digest('base64url') }
}

/** Every half hour brings a new token for forms; four of them are taken, so a form is good for at least 90 minutes. */
const slotMs = 1_800_000
const slots = 4

/**
 * Tokens for forms of people who are not signed in, newest first; only the newest is handed out. Every request of a stranger
 * asks, so they are signed once for as long as they last.
 */
export function formTokens(secret: HouseSecret): (now: Date) => readonly string[] {
  let signed: { readonly slot: number; readonly tokens: readonly string[] } | undefined
  return (now) => {
    const slot = Math.floor(now.getTime() / slotMs)
    if (signed?.slot !== slot)
      signed = {
        slot,
        tokens: Array.from({ length: slots }, (_, age) => secret.sign(`form ${slot - age}`).slice(0, 24)),
      }
    return signed.tokens
  }
}

/** A device is known for half a year after the last sign-in on it. */
export const deviceSeconds = 180 * 24 * 3600
export const deviceCookie = 'device'

/** Marks a device on which an account has signed in: for the cookie, and good for nothing but not having to wait. */
export function deviceMark(secret: HouseSecret, account: string, now: Date): string {
  const facts = `${account}.${Math.floor(now.getTime() / 1000).toString(36)}`
  return `${facts}.${secret.sign(`device ${facts}`)}`
}

/** The account that signed in on a device, if its mark is ours and not too old. */
export function accountOfDevice(secret: HouseSecret, mark: string | undefined, now: Date): string | null {
  const [account = '', since = '', signature = ''] = mark && mark.length < 200 ? mark.split('.') : []
  const expected = Buffer.from(secret.sign(`device ${account}.${since}`))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const age = now.getTime() / 1000 - Number.parseInt(since, 36)
  return age >= -60 && age < deviceSeconds ? account : null
}
