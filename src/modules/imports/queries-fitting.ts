/** Which known mapping fits a file that came without one. */

import type { Registry } from '#kernel/registry.ts'
import type { AllOffers } from '#platform/imports/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { templateProfiles } from './queries-template.ts'

type Looked = {
  readonly header: readonly string[]
  readonly sheets: ReadonlyArray<{ readonly name: string }> | null
  readonly sheet: { readonly name: string } | null
}

/** A profile that already fits this file: one of ours for the templates, or a saved one; null if none does. */
export function fittingProfile(
  registry: Registry,
  offers: AllOffers,
  look: Looked,
  saved: readonly Profile[],
): Profile | null {
  const candidates = [...templateProfiles(registry, offers), ...saved]
  return (
    candidates.filter((profile) => (profile.tables ? fitsSheets(profile, look) : fitsHeader(profile, look))).at(-1) ??
    null
  )
}

function fitsHeader(profile: Profile, { header, sheets, sheet }: Looked): boolean {
  const stated = profile.file?.sheet
  if (stated !== undefined && (!sheets || stated !== sheet?.name)) return false
  const names = new Set(header)
  const known = new Set([
    ...Object.keys(profile.columns),
    ...(profile.externalId?.columns ?? []),
    ...(profile.ignore ?? []),
  ])
  const found = [...known].filter((column) => names.has(column)).length
  return Object.keys(profile.columns).every((column) => names.has(column)) && found >= header.length * 0.8
}

/** All required sheets exist, and the examined sheet has the columns the profile asks for. */
function fitsSheets({ tables = [] }: Profile, look: Looked): boolean {
  const there = new Set((look.sheets ?? []).map(({ name }) => name))
  const present = tables.filter((table) => there.has(table.file?.sheet ?? ''))
  if (present.length === 0 || tables.some((table) => !table.file?.optional && !present.includes(table))) return false
  const names = new Set(look.header)
  return present
    .filter((table) => table.file?.sheet === look.sheet?.name)
    .every((table) => Object.keys(table.columns).every((column) => names.has(column)))
}
