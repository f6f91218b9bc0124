import { describe, expect, test } from 'vitest'
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
