import fc from 'fast-check'
import { renderToString } from 'preact-render-to-string'
import { describe, expect, test } from 'vitest'
import { partWords } from './gallery/speak.tsx'
import { island, islandNames } from './islands.ts'
import { LanguageProvider } from './language.tsx'
import { type MapLine, mapLines } from './map/lines.ts'
import { textWidth, wrap } from './map/wrap.ts'
import { LayeredMap, type MapArrow, type MapBox, type MapDrawing, MapList } from './map.tsx'

const box = (key: string, band: number, more: Partial<MapBox> = {}): MapBox => ({
  key,
  band,
  kind: 'Benefit',
  code: key,
  title: `Title of ${key}`,
  href: `/at/${key}`,
  marks: [],
  ...more,
})
const arrow = (from: number, to: number, percent: number | null = null): MapArrow => ({ from, to, percent })

describe('lines of a label', () => {
  const latin = fc
    .array(fc.stringMatching(/^[a-zA-Z]{1,14}$/), { minLength: 1, maxLength: 12 })
    .map((words) => words.join(' '))
  const chinese = fc.stringMatching(/^[一-龥]{1,40}$/)
  const mixed = fc.oneof(
    latin,
    chinese,
    fc.tuple(latin, chinese).map((both) => both.join('')),
    fc.string({ maxLength: 60 }),
  )

  test('are never too wide or too many, and lose nothing where they end without an ellipsis', () => {
    fc.assert(
      fc.property(
        mixed,
        fc.double({ min: 5, max: 30, noNaN: true }),
        fc.integer({ min: 1, max: 4 }),
        (text, width, most) => {
          const lines = wrap(text, width, most)
          expect(lines.length).toBeLessThanOrEqual(most)
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width + 1e-9)
          const bare = (parts: readonly string[]) => parts.join('').replace(/\s/g, '')
          if (!lines.at(-1)?.endsWith('…') || text.trim().endsWith('…')) expect(bare(lines)).toBe(bare([text]))
          else expect(bare([text]).startsWith(bare(lines).slice(0, -1))).toBe(true)
        },
      ),
    )
  })

  test.each([
    ['Less water lost before it reaches a house', 14, ['Less water lost before', 'it reaches a house']],
    ['居民等待住房补助决定的时间缩短', 11, ['居民等待住房补助', '决定的时间缩短']],
    [
      'Crews are sent by what the sensors say in the river quarter and in the harbour, day and night',
      8,
      ['Crews are sent', 'by what the', 'sensors say in', 'the river quart…'],
    ],
    // No line begins with a mark that closes.
    ['漏损水量减少，更多的水送达住户', 7, ['漏损水量减', '少，更多的', '水送达住户']],
    ['Donaudampfschifffahrtsgesellschaft', 8, ['Donaudampf', 'schifffahrts', 'gesellschaft']],
  ])('%s', (text, width, expected) => {
    expect(wrap(text, width, 4)).toEqual(expected)
  })
})

describe('the map as a list', () => {
  test('goes from what is reached down to what it needs, the heaviest first, and repeats nothing', () => {
    const boxes = [box('E', 0), box('C', 1), box('D', 1), box('B', 2), box('O', 3), box('P', 3)]
    const arrows = [arrow(0, 1), arrow(0, 2), arrow(1, 3, 30), arrow(2, 3, 70), arrow(3, 4), arrow(3, 5)]
    const reported = (lines: readonly MapLine[]): unknown[] =>
      lines.map((line) => [boxes[line.box]!.key + (line.again ? ' again' : ''), ...reported(line.children)])
    expect(reported(mapLines(boxes, arrows))).toEqual([
      ['O', ['B', ['D', ['E']], ['C', ['E again']]]],
      ['P', ['B again']],
    ])
  })

  test('has a line for every box, also in loops, and ends in bounded steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 80 }),
        (count, pairs) => {
          const boxes = Array.from({ length: count }, (_, index) => box(`N${index}`, index % 4))
          const arrows = pairs.map(([from, to]) => arrow(from % count, to % count))
          let lines = 0
          const found = new Set<number>()
          const visit = (list: readonly MapLine[], depth: number): void => {
            expect(depth).toBeLessThanOrEqual(12)
            for (const line of list) {
              lines += 1
              found.add(line.box)
              visit(line.children, depth + 1)
            }
          }
          visit(mapLines(boxes, arrows), 0)
          expect(found.size).toBe(count)
          expect(lines).toBeLessThanOrEqual(count + arrows.length + count)
        },
      ),
    )
  })

  test('a chain of two thousand is cut, with its number said', () => {
    const boxes = Array.from({ length: 2000 }, (_, index) => box(`N${index}`, 2))
    const html = presenter(
      <MapList
        id="m"
        title="List"
        drawing={{ boxes, arrows: boxes.slice(1).map((_, index) => arrow(index + 1, index)) }}
      />,
    )
    expect(html).toContain('1 more step below')
  })
})

const presenter = (content: preact.ComponentChildren, direction: 'ltr' | 'rtl' = 'ltr') =>
  renderToString(
    <LanguageProvider say={partWords.say('en')} language="en" direction={direction}>
      {content}
    </LanguageProvider>,
  )

describe('the picture', () => {
  const drawing: MapDrawing = {
    boxes: [
      box('A', 0, { title: '<script>alert(1)</script> & "more"', chain: '/map?of=A' }),
      box('B', 3, { marks: [{ icon: 'alert', text: 'No benefit leads here', tone: 'concern' }], state: 'Agreed' }),
      box('C', 3, { href: undefined, loss: true }),
    ],
    arrows: [arrow(0, 1, 60), { ...arrow(0, 2), concern: true }],
    size: { width: 200, height: 80 },
    detail: 'full',
    bandNames: ['Enablers', 'Changes', 'Benefits', 'Outcomes'],
    laneNames: [],
    places: {
      width: 600,
      height: 200,
      corners: [10, 10, 390, 10, 390, 110],
      routes: [
        [210, 50, 390, 50],
        [210, 50, 390, 150],
      ],
      bands: [
        { band: 0, x: 10, width: 200 },
        { band: 3, x: 390, width: 200 },
      ],
      lanes: [],
    },
  }
  const draw = (more: Partial<MapDrawing> = {}, direction: 'ltr' | 'rtl' = 'ltr') =>
    presenter(<LayeredMap id="m" title="Map" description="Three boxes." drawing={{ ...drawing, ...more }} />, direction)
  const cornerOf = (html: string, index: number) =>
    Number(new RegExp(`id="m-${index}"[^>]*><rect x="([\\d.]+)"`).exec(html)?.[1])

  test('what people wrote is text and nothing else', () => {
    const html = draw()
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script')
    expect(html).not.toMatch(/ (?:style|on\w+)=/)
  })

  test('a box leads to its record, is named in words, and a finding is said in words', () => {
    const html = draw()
    expect(html).toMatch(/<a id="m-0"[^>]*href="\/at\/A"/)
    expect(html).toMatch(/<g id="m-2"[^>]*data-loss=""/)
    expect(html).toContain('No benefit leads here')
    expect(html).toContain('data-chain="/map?of=A"')
  })

  test('weights stand on few arrows and not on many; the list has them all', () => {
    expect(draw()).toMatch(/<text data-from="0" data-to="1"[^>]*>60<\/text>/)
    const many = Array.from({ length: 121 }, () => arrow(0, 1, 60))
    const routes = many.map(() => [210, 50, 390, 50])
    expect(draw({ arrows: many, places: { ...drawing.places, routes } })).not.toContain('cw-map-numbers')
  })

  test('reads from the right in right-to-left pages, and the other way round on demand', () => {
    expect([cornerOf(draw(), 0), cornerOf(draw(), 1)]).toEqual([10, 390])
    expect([cornerOf(draw({}, 'rtl'), 0), cornerOf(draw({}, 'rtl'), 1)]).toEqual([390, 10])
    expect([cornerOf(draw({ reversed: true }), 0), cornerOf(draw({ reversed: true }), 1)]).toEqual([390, 10])
    expect(cornerOf(draw({ reversed: true }, 'rtl'), 0)).toBe(10)
  })
})

describe.each(islandNames)('the island %s', (name) => {
  test('is plain script under its own hash', () => {
    const { text, file } = island(name)
    expect(file).toMatch(new RegExp(`^${name}\\.[0-9a-f]{12}\\.js$`))
    expect(text).not.toMatch(/^import |: HTMLElement|interface /m)
    expect(() => new Function(text)).not.toThrow()
  })
})
