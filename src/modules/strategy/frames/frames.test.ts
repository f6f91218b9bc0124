import { describe, expect, test } from 'vitest'
import { readFrame } from '../pages-frames.ts'
import iso37101 from './iso-37101.json' with { type: 'json' }
import sdg from './sdg.json' with { type: 'json' }

describe('frames of classification', () => {
  test('ISO 37101 crosses six purposes with twelve issues; the goals are seventeen', () => {
    expect(iso37101.axes.map((axis) => axis.members.length)).toEqual([6, 12])
    expect(sdg.axes.map((axis) => axis.members.length)).toEqual([17])
  })

  test.each([iso37101, sdg])(
    '$id is optional, says that an empty cell is no finding, and has both languages',
    (frame) => {
      expect(frame.optional).toBe(true)
      expect(frame.note.en).toContain('empty cell is no finding')
      for (const axis of frame.axes) {
        expect(new Set(axis.members.map((member) => member.code)).size).toBe(axis.members.length)
        for (const member of axis.members) {
          expect(member.title.en).toMatch(/^[A-Z]/)
          expect(member.title['zh-Hans']).toMatch(/[\u4e00-\u9fff]/)
        }
      }
    },
  )
})

describe('a frame from a file', () => {
  const frame = (more: object) => JSON.stringify({ id: 'own', title: { en: 'Own' }, ...more })
  const member = { code: '1', title: { en: 'One' } }

  test('is read where it has a name and one to three axes with members', () => {
    const text = frame({ axes: [{ code: 'a', title: { en: 'A' }, members: [member] }] })
    expect(readFrame(text)).toMatchObject({ id: 'own', axes: [{ members: [member] }] })
  })

  test.each([
    ['no json', '', 'strategy.frame-not-json'],
    ['[]', '/id', 'strategy.frame-place'],
    ['null', '/', 'strategy.frame-place'],
    [frame({ axes: [] }), '/axes', 'strategy.frame-place'],
    [frame({ axes: [{ members: [member] }] }), '/axes/0/title', 'strategy.frame-place'],
    [
      frame({ axes: [{ title: { en: 'A' }, members: [member, { code: '2' }] }] }),
      '/axes/0/members/1/title',
      'strategy.frame-place',
    ],
  ])('%s is refused at %s', (text, place, code) => {
    let fields: ReadonlyArray<{ code: string; values?: Record<string, unknown> }> = []
    try {
      readFrame(text)
    } catch (error) {
      fields = (error as { fields: typeof fields }).fields
    }
    expect(fields).toMatchObject([{ code, ...(place ? { values: { place } } : {}) }])
  })
})
