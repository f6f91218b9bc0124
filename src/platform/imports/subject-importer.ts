/**
 * Combines a subject and the records its rows name into one importer: named records first, from the top down, then the
 * subject.
 */
import type { Profile } from '../tabular/index.ts'
import { hashed, mappedColumns, stagedKey } from './mapped.ts'
import { type NamedRound, namedRound } from './named.ts'
import type {
  AllOffers,
  FindNamed,
  ImportSubject,
  MappedTable,
  NamedContent,
  NamedRead,
  NamedRecords,
  OpenNamed,
} from './offers.ts'
import type { ImportProblem } from './problems.ts'
import type { Importer, ReadRow, RowPreview, Step } from './steps.ts'

type Item = ReadRow['items'][number]
type Named = {
  readonly declared: NamedRecords
  readonly opened: OpenNamed
  readonly round: NamedRound
  readonly firstStep: number
}

/** What rows of a table about this subject become; also for the preview, which saves nothing. */
export function subjectImporter(
  offers: AllOffers,
  subject: ImportSubject,
  profile: Profile,
  header: readonly string[],
): Importer {
  const table: MappedTable = { profile, header, mapped: mappedColumns(profile) }
  const rounds = new Map<string, NamedRound>()
  const find: FindNamed = (name, key) => (key === null ? null : (rounds.get(name)?.find(stagedKey(key)) ?? null))
  let next = 1
  const named = subject.names.map((name): Named => {
    const declared = offers.named.find((each) => each.name === name)
    if (!declared) throw new Error(`The import of ${subject.name} names "${name}", which no room offers.`)
    const round = namedRound(declared, table, find)
    rounds.set(name, round)
    const firstStep = next
    next += levelsOf(declared)
    return { declared, opened: declared.open(table), round, firstStep }
  })
  const before = next - 1
  const knows = (to: string) => subject.knows(to) || named.some(({ declared }) => declared.columns.includes(to))
  const own = subject.open({ ...table, find, knows })
  return {
    problems: [...identityProblems(profile), ...own.problems, ...named.flatMap(({ opened }) => opened.problems ?? [])],
    read: (row, converted) => {
      const keys = new Map<string, string>()
      const keyOf = (name: string) => keys.get(name) ?? null
      const items: Item[] = []
      for (const each of named) {
        const said = each.opened.read(converted.values, keyOf)
        items.push(...said.map((one) => itemOf(each, one, row.number)))
        const last = said.at(-1)
        if (last) keys.set(each.declared.name, stagedKey(last.key))
      }
      const read = own.read(row, converted, keyOf)
      items.push(...read.items.map((item) => ({ ...item, step: item.step + before })))
      return { items, problems: read.problems }
    },
    shown: (items) => {
      const titles = (what: NamedRecords['shown']) =>
        named
          .filter(({ declared }) => declared.shown === what)
          .flatMap((each) => items.filter((item) => holds(each, item.step)))
          .map((item) => (item.content as NamedContent).title)
      const [organisation = ''] = titles('organisation')
      const above = titles('above').join(' › ')
      return items.flatMap((item): RowPreview[] => {
        const row = item.step > before ? own.shown(item.content) : null
        return row ? [{ kind: subject.kind, organisation, above, ...row }] : []
      })
    },
    steps: [...named.flatMap(stepsOf), ...own.steps.map((step) => ({ ...step, step: step.step + before }))],
    begin: async () => {
      for (const { round } of named) round.begin()
      own.begin()
    },
    notes: () => [...own.notes(), ...named.flatMap(({ opened, round }) => opened.notes?.(round.made()) ?? [])],
  }
}

const levelsOf = ({ levels = 1 }: NamedRecords) => levels
const holds = ({ declared, firstStep }: Named, step: number) =>
  step >= firstStep && step < firstStep + levelsOf(declared)

const identityProblems = (profile: Profile): ImportProblem[] =>
  profile.externalId ? [] : [{ row: null, column: null, code: 'import.profile-no-identity', values: {} }]

const itemOf = ({ declared, firstStep }: Named, { key, level = 0, content }: NamedRead, line: number): Item => ({
  step: firstStep + level,
  key: stagedKey(key),
  // Where values are collected, rows that say different things about one record are all kept.
  slot: declared.gather ? hashed(JSON.stringify(content)) : '',
  line,
  content,
  shared: true,
})

const stepsOf = ({ declared, firstStep, round }: Named): Step[] =>
  Array.from({ length: levelsOf(declared) }, (_, level) => ({
    step: firstStep + level,
    shared: true,
    plan: round.plan as unknown as Step['plan'],
    saved: round.saved,
  }))
