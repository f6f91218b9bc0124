/** What the columns of an uploaded file mean: sheet by sheet in a workbook, with the guesses filled in. */

import { readFile } from 'node:fs/promises'
import { oneOf } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import {
  type AllOffers,
  type ColumnForm,
  findProfile,
  getRun,
  hasUpload,
  listProfiles,
  mapRun,
  messageOf,
  importPolicy as policy,
  type Run,
  uploadOf,
} from '#platform/imports/index.ts'
import { type AppContext, type PageDefinition, type PageRequest, page } from '#platform/page.ts'
import { type Profile, parseProfile, type ReadOptions, readOptionsOf } from '#platform/tabular/index.ts'
import { fittingProfile } from './queries-fitting.ts'
import { formOfProfile, guessForm, type MappingForm, profileOfForm } from './queries-form.ts'
import { sheetsOf, tableOfSheet, withTable } from './queries-form-table.ts'
import { type FileInspection, inspectFile } from './queries-inspection.ts'
import type { RowMeaning } from './queries-meaning.ts'
import { rowMeaning } from './queries-meaning-rows.ts'
import { type MapData, mapView } from './views/map.tsx'

const section = 'results'

/** The mapping chosen from the list or uploaded as a file. */
export async function chosenProfile(ctx: AppContext, id: string, path: string | undefined) {
  if (path !== undefined) {
    const text = await readFile(path, 'utf8')
    if (text.trim() !== '') return parseProfile(text)
  }
  const saved = id === '' ? undefined : await findProfile(ctx, id)
  return saved ? { profile: saved.content } : null
}

type Inspection = { readonly look: FileInspection; readonly profile: Profile | null }

/** The file's columns, and the profile that fits them if the run has none yet. */
export async function inspectUpload(ctx: AppContext, offers: AllOffers, run: Run): Promise<Inspection> {
  const look = await inspectFile(uploadOf(ctx.db, run.id))
  if (run.profile) return { look, profile: run.profile }
  const saved = (await listProfiles(ctx)).map((each) => each.content)
  return { look, profile: fittingProfile(ctx.registry, offers, look, saved) }
}

/** What the reader wants to see: a sheet, its header rows, and what its rows are. */
type Asked = {
  readonly sheet?: string
  readonly headerRow?: number
  readonly headerRows?: number
  readonly kind?: string
}

function askedBy(of: (name: string) => string | undefined): Asked {
  const text = (name: string) => (of(name) ?? '').slice(0, 255)
  const number = (name: string, most: number) => {
    const value = /^\d{1,4}$/.test(text(name).trim()) ? Number(text(name)) : 0
    return value >= 1 && value <= most ? value : undefined
  }
  const [headerRow, headerRows] = [number('headerRow', 1000), number('headerRows', 5)]
  return {
    ...(text('sheet') === '' ? {} : { sheet: text('sheet') }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(headerRows === undefined ? {} : { headerRows }),
    ...(of('kind') === undefined ? {} : { kind: text('kind') }),
  }
}

/** The table for a sheet in the run's mapping, or the first one. */
function tableFor(profile: Profile | null, sheet: string | undefined): Profile | null {
  if (!profile) return null
  const name = sheet ?? sheetsOf(profile)[0]
  return name === undefined ? (profile.tables ? null : profile) : tableOfSheet(profile, name)
}

function readingOf(table: Profile | null, asked: Asked): ReadOptions {
  const { kind: _, ...place } = asked
  return { ...(table ? readOptionsOf(table) : {}), ...place }
}

function mapData(
  ctx: AppContext,
  offers: AllOffers,
  run: Run,
  look: FileInspection,
  { form, meaning }: Mapped,
  problems: MapData['problems'],
): MapData {
  const { say, plural } = presenterOf(ctx)
  const stop = look.header.length === 0
  const { registry, language } = ctx
  const mapped = new Set(run.profile ? sheetsOf(run.profile) : [])
  const kinds = [...registry.kinds.keys()]
    .filter((name) => ctx.policies.canSome(ctx.caller, 'create', name))
    .map((value) => ({ value, label: plural(value) }))
    .sort((left, right) => left.label.localeCompare(right.label, language))
  const [first, ...others] = offers.subjects.map(({ name, label }) => ({ value: name, label: say(label) }))
  return {
    id: run.id,
    name: run.fileName,
    form: stop ? null : form,
    beyondForm: form === null && !stop,
    profileName: run.profile?.name ?? '',
    columns: look.recognition.columns.map((column) => ({
      name: column.name,
      kind: column.kind,
      examples: column.examples.slice(0, 3),
      filled: column.filled,
      missing: Object.values(column.missing).reduce((sum, count) => sum + count, 0),
      colours: Object.entries(look.sheet?.colours.find((each) => each.column === column.name)?.counts ?? {}).map(
        ([colour, count]) => ({ colour, count }),
      ),
    })),
    shape: look.recognition.shape,
    meanings: meaning.meanings,
    questions: meaning.questions,
    ofKind: meaning.ofKind,
    statuses: meaning.series?.statuses ?? null,
    firstSubject: first?.label,
    kinds: [...others, ...kinds],
    sheets: (look.sheets ?? []).map((sheet) => ({ ...sheet, mapped: mapped.has(sheet.name) })),
    sheet: look.sheet,
    problems: [...problems, ...look.problems.slice(0, 20).map((problem) => messageOf(problem, say))],
  }
}

/** The mapping as the form shows it; `form` is null if it says more than a form can show. */
type Mapped = { readonly form: MappingForm | null; readonly meaning: RowMeaning }

/** What rows should become; the first subject, or the first kind, if the name is unknown. */
function meaningOf({ registry, language }: AppContext, offers: AllOffers, kind: string): RowMeaning {
  const asked = { registry, offers, language }
  const found = [kind, '', ...registry.kinds.keys()].map((each) => rowMeaning(asked, each)).find((each) => each)
  if (!found) throw new Error('Rows can become nothing: no room offers a subject or a kind.')
  return found
}

const mapPage = (offers: AllOffers) =>
  page<MapData>({
    path: '/import/:run/columns',
    policy,
    files: true,
    section,
    load: async (ctx, { params, query }) => {
      const run = await getRun(ctx, params.run ?? '')
      if (run.format || !(await hasUpload(ctx, run.id))) return { redirect: `/import/${run.id}` }
      const asked = askedBy((name) => query[name])
      const table = tableFor(run.profile, asked.sheet)
      const look = await inspectFile(uploadOf(ctx.db, run.id), readingOf(table, asked))
      return mapData(ctx, offers, run, look, await mappingFound(ctx, offers, run, look, table, asked), [])
    },
    post: async (ctx, { params, form, files }) => {
      const run = await getRun(ctx, params.run ?? '')
      const asked = askedBy((name) => (form[name] === undefined ? undefined : oneOf(form[name])))
      const table = tableFor(run.profile, asked.sheet)
      if (oneOf(form.act) === 'leave' && run.profile && asked.sheet) {
        const left = withTable(run.profile, asked.sheet, null)
        if (left) await mapRun(ctx, run.id, left)
        return {
          redirect: `/import/${run.id}/columns${left ? `?sheet=${encodeURIComponent(sheetsOf(left)[0] ?? '')}` : ''}`,
        }
      }
      const uploaded = await chosenProfile(ctx, '', files.profileFile?.path)
      const look = await inspectFile(
        uploadOf(ctx.db, run.id),
        readingOf(uploaded ? null : table, uploaded ? {} : asked),
      )
      const given = mappingOf(form, look.header.length)
      const meaning = meaningOf(ctx, offers, given.kind)
      const version = run.profile && run.profile.name === given.name ? run.profile.version : 1
      const parsed = uploaded ?? parseProfile(profileOfForm(given, meaning, look.header, version))
      if ('problems' in parsed) {
        const { say } = presenterOf(ctx)
        const found = parsed.problems.map((problem) => messageOf(problem, say))
        return mapData(ctx, offers, run, look, { form: uploaded ? null : given, meaning }, found)
      }
      const whole = uploaded ? parsed.profile : withTable(run.profile, given.place.sheet, parsed.profile)!
      await mapRun(ctx, run.id, whole)
      const next = oneOf(form.next)
      return {
        redirect: next === '' ? `/import/${run.id}` : `/import/${run.id}/columns?sheet=${encodeURIComponent(next)}`,
      }
    },
    title: (data, { say }) => say('imports.map-title', { name: data.name }),
    trail: (data, { say }) => [
      { label: say('imports.title'), href: '/import' },
      { label: data.name, href: `/import/${data.id}` },
    ],
    view: mapView,
  })

/** The existing mapping as a form; a guess if there is none for this sheet, or another reading was asked for. */
async function mappingFound(
  ctx: AppContext,
  offers: AllOffers,
  run: Run,
  look: FileInspection,
  table: Profile | null,
  asked: Asked,
): Promise<Mapped> {
  const saved = run.profile ? [] : (await listProfiles(ctx)).map((each) => each.content)
  const fitting = run.profile ? null : fittingProfile(ctx.registry, offers, look, saved)
  const known = table ?? (fitting?.tables ? tableFor(fitting, look.sheet?.name) : fitting)
  const other =
    (asked.kind !== undefined && asked.kind !== (known?.kind ?? '')) ||
    asked.headerRow !== undefined ||
    asked.headerRows !== undefined
  const meaning = meaningOf(ctx, offers, asked.kind ?? known?.kind ?? '')
  if (known && !other) {
    const isKnown = known.kind === undefined || known.kind === meaning.value
    return { meaning, form: isKnown ? formOfProfile(known, meaning, look.header) : null }
  }
  const guess = guessForm(run.fileName, look, meaning)
  const place = {
    ...guess.place,
    headerRow: String(asked.headerRow ?? ''),
    headerRows: String(asked.headerRows ?? ''),
  }
  // One mapping has one name and usually one source, however many sheets it reads.
  const head = run.profile ? { name: run.profile.name, source: sourceOf(run.profile) ?? guess.source } : {}
  return { meaning, form: { ...guess, ...head, place } }
}

const sourceOf = (profile: Profile) => (profile.tables?.[0] ?? profile).externalId?.source

/** The choice of sheet and kind as an address, for browsers without scripts. */
const tablePage = page<never>({
  path: '/import/:run/table',
  policy,
  load: async (_ctx, { params, query }) => {
    const asked = askedBy((name) => query[name])
    const search = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)]))
    return { redirect: `/import/${encodeURIComponent(params.run ?? '')}/columns?${search}` }
  },
  title: () => '',
  view: () => null,
})

/** The posted fields as a mapping; what is missing stays empty. */
function mappingOf(form: PageRequest['form'], width: number): MappingForm {
  const text = (name: string) => oneOf(form[name]).slice(0, 2000)
  const columns = Array.from({ length: width }, (_, index): ColumnForm => {
    const of = (name: string) => text(`c${index}.${name}`)
    return {
      to: of('to'),
      as: of('as') || 'text',
      period: of('period'),
      status: of('status'),
      choices: of('choices'),
      id: of('id') === 'true',
      colour: of('colour') === 'true',
    }
  })
  const constants = Object.keys(form).filter((name) => name.startsWith('constants.'))
  return {
    kind: text('kind'),
    place: {
      sheet: text('sheet'),
      headerRow: text('headerRow'),
      headerRows: text('headerRows'),
      blankEnds: text('blankEnds') === 'true',
      leaveTotals: text('leaveTotals') === 'true',
      totalsColumn: text('totalsColumn'),
      totalsTexts: text('totalsTexts'),
    },
    answers: Object.fromEntries(constants.map((name) => [name.slice('constants.'.length), text(name)])),
    name: text('name'),
    source: text('source'),
    numberFormat: text('numberFormat'),
    days: text('days'),
    fiscalStartMonth: text('fiscalStartMonth'),
    fiscalNamedBy: text('fiscalNamedBy'),
    missing: text('missing'),
    columns,
  }
}

export const mapPages = (offers: AllOffers): readonly PageDefinition[] => [mapPage(offers), tablePage]
