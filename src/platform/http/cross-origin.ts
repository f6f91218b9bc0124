/**
 * Protects cookie sessions against requests that another site makes a browser send: anything that changes something
 * must come from our own pages, and a form must carry the token that only our own pages know.
 */
import { timingSafeEqual } from 'node:crypto'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

export const isSafe = (method: string): boolean => safe.has(method)

export type OriginFacts = {
  readonly method: string
  /** Value of `Origin`, if it was sent. */
  readonly origin?: string
  /** Value of `Sec-Fetch-Site`, if it was sent (browsers on a trustworthy address do). */
  readonly fetchSite?: string
  /** Addresses that are ours, `https://city.example`. */
  readonly own: readonly string[]
}

/**
 * Does the request come from another site? A request with neither header does not come from a browser of this decade,
 * and carries no cookie that somebody else could misuse.
 */
export function isCrossOrigin({ method, origin, fetchSite, own }: OriginFacts): boolean {
  if (isSafe(method)) return false
  if (fetchSite !== undefined) return fetchSite !== 'same-origin' && fetchSite !== 'none'
  if (origin !== undefined) return !own.includes(origin)
  return false
}

/** Content types an HTML form can send: a browser sends them to any site without asking first. */
export const isForm = (contentType: string | undefined): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i.test(contentType ?? '')

/** Compares the token of a form with the expected one in constant time; an empty one never matches. */
export function isToken(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || expected === '' || given.length !== expected.length) return false
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
