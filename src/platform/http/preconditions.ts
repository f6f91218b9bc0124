/** Conditions of a request on the version of a record (RFC 9110 §13). */
import { Problem } from '#kernel/problem.ts'

export const tagOf = (version: number): string => `"${version}"`

/** Does If-None-Match contain this version (or this whole tag)? Weak comparison, as RFC 9110 §13.1.2 asks for. */
export function isUnchanged(header: string | undefined, version: number | string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const tag = typeof version === 'string' ? version : tagOf(version)
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === tag)
}

/** Versions an If-Match names; `any` for `*`. Weak tags never match (RFC 9110 §13.1.1). */
export type Expected = 'any' | readonly number[]

/** @throws Invalid `records.if-match-malformed` (400) for anything but a list of tags. */
export function readIfMatch(header: string | undefined): Expected | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return 'any'
  const versions: number[] = []
  for (const each of header.split(',')) {
    const tag = /^(W\/)?"([\x21\x23-\x7e]*)"$/.exec(each.trim())
    if (!tag) throw new Problem('Invalid', 'records.if-match-malformed', { status: 400 })
    if (tag[1] === undefined && /^\d{1,9}$/.test(tag[2]!)) versions.push(Number(tag[2]))
  }
  return versions
}

/** @throws Invalid `records.if-match-missing` (428, RFC 6585 §3) */
export function needIfMatch(header: string | undefined): Expected {
  const expected = readIfMatch(header)
  if (expected === undefined) throw new Problem('Invalid', 'records.if-match-missing', { status: 428 })
  return expected
}

/**
 * The version to write against: the current one if it is among those expected.
 * @throws Conflict `records.stale` (412) with the current record and what was attempted.
 */
export function agreedVersion(
  expected: Expected | undefined,
  current: { readonly version: number },
  attempted: Readonly<Record<string, unknown>>,
): number {
  if (expected === undefined || expected === 'any' || expected.includes(current.version)) return current.version
  throw new Problem('Conflict', 'records.stale', {
    status: 412,
    values: { seen: expected[0] ?? 0, current: current.version },
    extra: { current, attempted },
  })
}

/** A Conflict of versions that If-Match asked about is a failed precondition: 412 (RFC 9110 §13.1.1), not 409. */
export function asPrecondition(error: unknown): unknown {
  if (!(error instanceof Problem) || error.reason !== 'records.stale') return error
  return new Problem('Conflict', error.reason, { status: 412, values: error.values, extra: error.extra })
}
