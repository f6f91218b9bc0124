/** Awkward texts come through every format and out again with the same hash. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import { hashOf, type Scope, writeContent } from '#platform/exchange/index.ts'
import { type Change, newId, write } from '#platform/records/index.ts'
import { loadContent, places } from '#test/kit/content.ts'
import { openImportHouse } from '#test/kit/imports.ts'
import { exchange } from './modules.ts'

describe('content that is awkward', () => {
  /** Any text a record may hold: signs of every plane, ends of comments and instructions, line ends of every kind. */
  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom(
          '?>',
          ']]>',
          '<a b="c">',
          '&lt;',
          '\r\n',
          '\r',
          '\u0001',
          '\ufffe',
          '"',
          '\\',
          '\u2028',
          '=1+1',
          '𠮷',
        ),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => `x${parts.join('').replaceAll('\u0000', '').toWellFormed()}`.slice(0, 150).toWellFormed())

  test('goes through every format that is read, and comes out with the same hash', async () => {
    const from = await openImportHouse()
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 12, maxLength: 12 }), async (texts) => {
          const [plan, outcome, objective, indicator] = [newId(), newId(), newId(), newId()]
          const changes: Change[] = [
            {
              kind: 'strategy.plan',
              action: 'create',
              id: plan,
              values: {
                title: { en: texts[0], 'zh-Hans': texts[1] },
                summary: { en: texts[2], 'zh-Hans': texts[10] },
                levels: [{ en: 'L', 'zh-Hans': '层' }],
                from: '2020-01-01',
                to: '2030-01-01',
              },
            },
            {
              kind: 'strategy.outcome',
              action: 'create',
              id: outcome,
              values: {
                title: { en: texts[3] },
                plan,
                rule: 'some',
                ruleCount: 2,
                externalIds: [{ source: 'test', id: texts[11]!.slice(0, 100).toWellFormed() + outcome }],
              },
            },
            {
              kind: 'strategy.objective',
              action: 'create',
              id: objective,
              values: {
                title: { en: texts[4] },
                description: { 'zh-Hans': texts[5] },
                plan,
                level: 1,
                links: { contributesTo: [{ to: outcome, weight: '0.25' }] },
              },
            },
            {
              kind: 'indicators.indicator',
              action: 'create',
              id: indicator,
              values: {
                title: { en: texts[6] },
                definition: { en: texts[7] },
                unit: '{person}',
                unitLabel: { en: texts[8]!.slice(0, 60).toWellFormed() },
                direction: 'up',
                links: { measures: [{ to: objective }, { to: outcome }] },
              },
              rows: {
                measurement: {
                  set: [
                    {
                      cell: '',
                      from: '2024-01-01',
                      to: '2025-01-01',
                      label: '2024',
                      value: '-0.50',
                      status: 'actual',
                      note: { en: texts[9] },
                    },
                    { cell: 'a=b', from: '2024-01-01', to: '2025-01-01', label: '2024', status: 'estimated' },
                  ],
                },
                target: {
                  set: [
                    {
                      cell: '',
                      targetKind: 'range',
                      from: '2024-01-01',
                      setOn: '2023-01-01',
                      low: '1',
                      high: '2',
                      why: { en: texts[1] },
                    },
                  ],
                },
              },
            },
          ]
          await inTransaction(from.ctx, (tx) => write(tx, { source: 'test' }, changes))
          const scope: Scope = { of: 'root', kind: 'strategy.plan', id: plan }
          const hash = await hashOf(from.ctx, scope)
          const into = await openImportHouse()
          try {
            for (const format of exchange.formats.filter(
              (each) => each.read && each.holds.includes('plan') && each.name !== 'xlsx',
            ))
              for (const part of format.name === 'stratml' ? ['1', '2'] : ['']) {
                let out = ''
                for await (const piece of writeContent(from.ctx, { format, scope, options: { part } })) out += piece
                const report = await loadContent(into, out, { format })
                expect({ format: format.name, part, places: places(report) }).toEqual({
                  format: format.name,
                  part,
                  places: [],
                })
                expect({ format: format.name, part, hash: await hashOf(into.ctx, scope) }).toEqual({
                  format: format.name,
                  part,
                  hash,
                })
                if (format.name !== 'csv') expect(report.created + report.unchanged).toBe(4)
              }
          } finally {
            await into.close()
          }
        }),
        { numRuns: 4, endOnFailure: true },
      )
    } finally {
      await from.close()
    }
  })
})
