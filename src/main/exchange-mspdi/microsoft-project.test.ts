/**
 * Files whose dates Microsoft Project computed: ours must be the same, date by date and slack by slack. What differs must stand in
 * `differences` with its reason, and nothing stands there. Runs only where the files lie beside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { localTime } from '#analysis/calendar/local-time.ts'
import { schedule } from '#analysis/schedule/schedule.ts'
import { writeXml, type XmlElement, xmlTree } from '#platform/xml/index.ts'
import { child, children } from './fields.ts'
import { readMspdi, withSchedule } from './index.ts'

const folder = fileURLToPath(new URL('../../../../shared/data/plans/mspdi/', import.meta.url))
const present = existsSync(folder)
const title = present
  ? "Microsoft Project's own dates"
  : "Microsoft Project's own dates (skipped: ../shared/data/plans/mspdi is not here)"
const files = present ? readdirSync(folder).filter((name) => name.endsWith('.xml')) : []

/** `file uid field` → why ours is another. */
const differences: Record<string, string> = {}

const parse = (text: string): XmlElement => {
  const reader = xmlTree()
  // In pieces that cut tags, names and letters apart.
  for (let at = 0; at < text.length; at += 977) reader.write(text.slice(at, at + 977))
  return reader.end()
}

describe.skipIf(!present)(title, () => {
  test('there are files, with dates in them', () => {
    expect(files).toEqual(
      expect.arrayContaining(['baselines.xml', 'mspdirelations.xml', 'mspdisplittask.xml', 'sample.xml']),
    )
  })

  describe.each(files)('%s', (file) => {
    const document = parse(readFileSync(folder + file, 'utf8'))
    const { read, problems } = readMspdi(document)
    const found = schedule(read!.plan)
    if ('problem' in found) throw new Error(found.problem)
    const tasks = new Map(
      children(child(document, 'Tasks'), 'Task').map((task) => [Number(child(task, 'UID')!.text), task]),
    )

    test('nothing in it is a problem', () => expect(problems).toEqual([]))

    test('every date, slack and critical flag is the one in the file', () => {
      let compared = 0
      for (const [index, { uid }] of read!.named.entries()) {
        const dates = found.dates[index]!
        const ours: Record<string, string> = {
          Start: localTime(dates.start),
          Finish: localTime(dates.finish),
          EarlyStart: localTime(dates.start),
          EarlyFinish: localTime(dates.finish),
          LateStart: localTime(dates.lateStart),
          LateFinish: localTime(dates.lateFinish),
          TotalSlack: String(dates.totalFloat * 10),
          FreeSlack: String(dates.freeFloat * 10),
          Critical: dates.critical ? '1' : '0',
        }
        for (const [field, value] of Object.entries(ours)) {
          const written = child(tasks.get(uid as number)!, field)?.text
          if (written === undefined) continue
          const why = differences[`${file} ${uid} ${field}`]
          if (why === undefined) expect(value, `task ${uid}, ${field}`).toBe(written)
          else expect(value, `${why}: no longer a difference`).not.toBe(written)
          compared++
        }
      }
      expect(compared).toBeGreaterThanOrEqual(9 * read!.named.length)
      const finish = child(document, 'FinishDate')!.text
      expect(localTime(found.finish)).toBe(finish)
    })

    test('written and read again it is the same document', () => {
      expect(withoutLines(parse([...writeXml(document)].join('')))).toEqual(withoutLines(document))
    })

    test('written with our dates it is the same document, because they are the same', () => {
      expect(withoutLines(withSchedule(document, read!, found))).toEqual(withoutLines(document))
    })
  })
})

const withoutLines = (element: XmlElement): unknown => ({
  name: element.name,
  attributes: { ...element.attributes },
  text: element.text,
  children: element.children.map(withoutLines),
})
