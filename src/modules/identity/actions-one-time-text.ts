/** Text that is shown to one reader once: an initial password, after the form that created it has redirected. */
import { randomBytes } from 'node:crypto'

const keptMs = 300_000
const kept = new Map<string, { reader: string; text: string; until: number }>()

/** Keeps text in memory for five minutes; returns the token that fetches it. */
export function storeOneTimeText(reader: string, text: string, now: Date): string {
  for (const [token, each] of kept) if (each.until <= now.getTime()) kept.delete(token)
  const token = randomBytes(16).toString('base64url')
  kept.set(token, { reader, text, until: now.getTime() + keptMs })
  return token
}

/** The text for a token, the first time its reader asks for it. */
export function takeOneTimeText(reader: string, token: string | undefined, now: Date): string | undefined {
  const found = token ? kept.get(token) : undefined
  if (!token || !found || found.reader !== reader || found.until <= now.getTime()) return undefined
  kept.delete(token)
  return found.text
}
