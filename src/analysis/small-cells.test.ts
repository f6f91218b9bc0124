import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withheldCells } from './small-cells.ts'

const facts = { valueKind: 'count', minimumCell: null }
const part = (cell: string, value: string | null, more: Record<string, unknown> = {}) => ({
  id: cell,
  cell,
  from: '2025-01-01',
  to: '2026-01-01',
  value,
  numerator: null as string | null,
  denominator: null as string | null,
  raw: '7',
  note: { en: 'seven people' },
  ...more,
})

describe('small cells of a breakdown', () => {
  test('the small one goes, and the smallest other one with it, but never the whole', () => {
    const rows = [part('', '65'), part('d=a', '4'), part('d=b', '20'), part('d=c', '41')]
    expect([...withheldCells(facts, rows)]).toEqual([
      ['d=a', 'small'],
      ['d=b', 'secondary'],
    ])
  })

  test('zeros and figures from the minimum on stay; a minimum of 0 or 1 shows everything', () => {
    expect(withheldCells(facts, [part('d=a', '0'), part('d=b', '10')]).size).toBe(0)
    expect(withheldCells({ ...facts, minimumCell: 0 }, [part('d=a', '3'), part('d=b', '10')]).size).toBe(0)
    expect(withheldCells({ ...facts, minimumCell: 5 }, [part('d=a', '7'), part('d=b', '10')]).size).toBe(0)
  })

  test('a share is withheld for its cases, for its people, and for those it leaves out', () => {
    const share = (cell: string, numerator: string, denominator: string) => part(cell, '50', { numerator, denominator })
    const percent = { valueKind: 'percent', minimumCell: null }
    const others = [share('d=x', '400', '800'), share('d=y', '500', '900')]
    expect(withheldCells(percent, [share('d=a', '3', '200'), ...others]).get('d=a')).toBe('small')
    expect(withheldCells(percent, [share('d=a', '198', '200'), ...others]).get('d=a')).toBe('small')
    expect(withheldCells(percent, [share('d=a', '100', '200'), ...others]).size).toBe(0)
  })

  test('means have no counts to protect, and each period is judged by itself', () => {
    expect(
      withheldCells({ valueKind: 'average', minimumCell: null }, [part('d=a', '3.4'), part('d=b', '2')]).size,
    ).toBe(0)
    const other = { ...part('d=b', '50'), id: 'later', from: '2026-01-01', to: '2027-01-01' }
    expect([...withheldCells(facts, [part('d=a', '3'), part('d=b', '30'), other]).keys()]).toEqual(['d=a', 'd=b'])
  })

  test('no withheld count follows from the whole and the parts that are shown', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 2, maxLength: 8 }), (counts) => {
        const rows = counts.map((count, index) => part(`d=${index}`, String(count)))
        const withheld = withheldCells(facts, rows)
        const hidden = counts.filter((_, index) => withheld.has(`d=${index}`))
        for (const [index, count] of counts.entries())
          if (count > 0 && count < 10) expect(withheld.has(`d=${index}`)).toBe(true)
        const small = hidden.filter((count) => count > 0 && count < 10)
        if (small.length > 0 && counts.filter((count) => count > 0).length > 1) expect(hidden.length).toBeGreaterThan(1)
      }),
    )
  })
})
