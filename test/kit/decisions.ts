/** A test room of meetings and their decisions: verbs that ask, write, look and bring others along; and a second room that holds one up. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { check } from '#kernel/check.ts'
import { migrationOf } from '#kernel/projections/columns.ts'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { choice, day, link, paragraph, record, ref, rows, text, whole } from '#kernel/record.ts'
import type { Manifest } from '#platform/module.ts'
import { allow } from '#platform/policy.ts'
import { type Change, read, readable } from '#platform/records/index.ts'
import { block, verbs } from '#platform/verb.ts'

export const meeting = record('trial.meeting', {
  code: 'TRM',
  plural: 'meetings',
  title: { max: 200 },
  states: ['open', 'closed'],
  fields: { present: whole(), quorum: whole() },
})

export const decision = record('trial.decision', {
  code: 'TRD',
  plural: 'decisions',
  title: { max: 200 },
  states: ['put', 'taken', 'replaced'],
  closed: ['replaced'],
  fields: {
    meeting: ref('trial.meeting', { back: 'decisions', required: true }),
    reason: paragraph({ localized: true, requiredFrom: 'taken' }),
    reviewOn: day(),
    takenOn: day({ requiredFrom: 'taken' }),
    weight: choice(['light', 'heavy']),
  },
  links: { serves: link('trial.meeting', { back: 'servedBy', towards: 'vision', requiredFrom: 'taken' }) },
  rows: {
    effect: rows({ key: ['name'], fields: { name: text({ required: true }), value: whole({ required: true }) } }),
  },
})

/** What the guard was asked, in how many goes. */
export const guarded: string[][] = []

const decisionChecks = [
  check(decision, (_before, after) =>
    after.state === 'taken' && !after.reason ? [{ at: '/reason', code: 'trial.reason-again' }] : [],
  ),
  check(
    decision,
    { reads: ['meeting.state', 'meeting.present'], links: ['serves'], rows: ['effect'] },
    (_before, after, { meeting: at, serves, effect }) => [
      ...(at?.state === 'closed' && after.state === 'put' ? [{ at: '/meeting', code: 'trial.closed' }] : []),
      ...(serves.length > 1 ? [{ at: '/links/serves', code: 'trial.one-only', values: { count: serves.length } }] : []),
      ...(effect.reduce((sum, row) => sum + row.value!, 0) > 100
        ? [{ at: '/rows/effect', code: 'trial.too-much' }]
        : []),
    ],
  ),
]

/** The room, a room beside it that holds up one verb, and a folder for the migrations, which `close` removes. */
export function decisionRooms(): { readonly rooms: Manifest[]; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'decisions-'))
  mkdirSync(join(folder, 'migrations'))
  writeFileSync(join(folder, 'migrations', '203001010000-meeting.sql'), migrationOf(meeting))
  writeFileSync(join(folder, 'migrations', '203001010001-decision.sql'), migrationOf(decision, { inSchema: true }))
  const keys = [...wordKeysOf(meeting), ...wordKeysOf(decision), 'trial.navigation']
  const words = Object.fromEntries(keys.map((key) => [key, `«${key}»`]))
  const trial: Manifest = {
    name: 'trial',
    folder,
    kinds: [meeting, decision],
    checks: decisionChecks,
    verbs: [
      ...verbs(meeting, { close: { from: ['open'], to: 'closed' } }),
      ...verbs(decision, {
        take: {
          from: ['put'],
          to: 'taken',
          input: ['reason', 'reviewOn?', 'links.serves'],
          set: { takenOn: ({ today }) => today },
          guard: async (ctx, attempts) => {
            guarded.push(attempts.map(({ id }) => id))
            const meetings = await read(ctx, meeting)
              .in({ id: attempts.map(({ after }) => after.meeting!) })
              .byId()
            return new Map(
              attempts.flatMap(({ id, after }) => {
                const { present = 0, quorum = 0 } = meetings.get(after.meeting!) ?? {}
                return Number(present) < Number(quorum) ? [[id, [{ at: '/', code: 'trial.no-quorum' }]]] : []
              }),
            )
          },
          follow: async (ctx, attempts) => {
            const earlier = await read(ctx, decision)
              .in({ meeting: attempts.map(({ after }) => after.meeting!), state: 'taken' })
              .rows()
            return new Map(
              attempts.map(({ id, after }) => [
                id,
                earlier
                  .filter((each) => each.meeting === after.meeting && each.id !== id)
                  .map((each): Change => ({ kind: decision.kind, id: each.id, action: 'replace' })),
              ]),
            )
          },
        },
        replace: { from: ['taken'], to: 'replaced' },
      }),
    ],
    policy: [
      allow('administrator', ['create', 'change', 'retire', 'publish', 'close'], [meeting.kind], 'everywhere'),
      allow(
        'administrator',
        ['create', 'change', 'retire', 'publish', 'take', 'replace', 'rows.effect'],
        [decision.kind],
        'everywhere',
      ),
      allow('leader', ['take'], [decision.kind], 'everywhere'),
    ],
    navigation: [
      { section: 'house', label: 'trial.navigation', href: '/trial/decisions', order: 99, policy: 'anyone' },
    ],
    words: { en: words, 'zh-Hans': words },
  }
  const beside: Manifest = {
    name: 'beside',
    folder: mkdtempSync(join(tmpdir(), 'beside-')),
    blocks: [
      block('trial.decision', 'take', async (ctx, ids) => {
        const { rows: heavy } = await sql<{ id: string }>`
          select r.id from ${readable(ctx, 'trial.decision')} r where r.id = any(${[...ids]}::uuid[]) and r.weight = 'heavy'`.execute(
          ctx.db,
        )
        return new Map(heavy.map(({ id }) => [id, [{ at: '/', code: 'beside.too-heavy' }]]))
      }),
    ],
    words: { en: {}, 'zh-Hans': {} },
  }
  return {
    rooms: [trial, beside],
    close: () => {
      for (const each of [folder, beside.folder]) rmSync(each, { recursive: true, force: true })
    },
  }
}
