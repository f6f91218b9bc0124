/**
 * Every page over the demo city, room by room: in both languages, for an administrator and for nobody, and once
 * more in pseudo-locales. A page of a new room is visited from the day its manifest lists it: pages without parameters by
 * their address, those of records by a record, the others by the first link that leads to them.
 *
 * One room alone: `npx vitest run src/main/page-sweep -t 'room benefits'`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '#kernel/words.ts'
import { changedRooms } from '#test/kit/changed.ts'
import { openWeb, type TestWeb } from '#test/kit/pages.ts'
import { administrator, analyst, finance, mayor, owner } from '#test/kit/people.ts'
import { faultsOfPage, pagesOf, roomNames, type Site, type Stop, siteOf, type Tour, tourOf } from '#test/kit/sweep.ts'

/** Pages that need a state no link of the demo city leads to; each has a test of its own beside its room. */
const elsewhere = ['/import/:run', '/import/:run/columns', '/import/:run/table', '/import/:run/profile']

let web: TestWeb
let site: Site
const opened: TestWeb[] = []
beforeAll(async () => {
  web = await openWeb()
  site = siteOf(web.app)
})
afterAll(async () => {
  for (const each of opened) await each.close()
  await web?.close()
})

/** What all rooms share is made for the first one that asks. */
const shared = new Map<string, Promise<unknown>>()
const once = <Made>(name: string, make: () => Promise<Made>): Promise<Made> => {
  const made = (shared.get(name) as Promise<Made> | undefined) ?? make()
  shared.set(name, made)
  return made
}
const readersIn = async (from: TestWeb, language: string) =>
  [await from.signIn(administrator, language), await from.signIn(finance, language)] as const

const faultsIn = (stops: readonly Stop[]) => {
  const reported = new Set<string>()
  return stops.flatMap(({ address, faults }) =>
    faults
      // A word missing in the frame is missing on every page: it is reported once.
      .filter((fault) => !fault.startsWith('no word') || !reported.has(fault))
      .map((fault) => {
        reported.add(fault)
        return `${address}: ${fault}`
      }),
  )
}

/** A room without a fault, and without a page that was not opened. */
async function sweep(tour: Tour, room: string) {
  const { stops, missed } = await tour.visit(room)
  expect(faultsIn(stops)).toEqual([])
  expect(missed).toEqual([])
}

const pseudoLocales = {
  'words that are 40 % longer': (text: string) => `${text}${'·'.repeat(Math.ceil(text.length * 0.4))}`,
  // U+2067 … U+2069 isolate a right-to-left run, as mirrored words would be.
  'words of a language written from right to left, isolated from what they stand beside': (text: string) =>
    `\u2067${text}\u2069`,
}

const changed = changedRooms()
const changedFirst = roomNames.toSorted((one, other) => Number(changed.has(other)) - Number(changed.has(one)))

describe.each(changedFirst)('room %s', (room) => {
  test.each([...languages])('an administrator meets every page without a fault, in %s', async (language) => {
    const tour = await once(`administrator ${language}`, async () =>
      tourOf({ app: web.app, site }, await readersIn(web, language), {
        signedIn: true,
        elsewhere,
        faultsOf: (html) => faultsOfPage(html, language),
      }),
    )
    await sweep(tour, room)
  })

  test.each([...languages])(
    'the public meets every public page, and no name of an officer, in %s',
    async (language) => {
      const tour = await once(`nobody ${language}`, async () => {
        const { rows } = await web.app.database.pool.query<{ name: string }>(
          `select title->>'und' as name from records.record where kind = 'directory.person'`,
        )
        expect(rows.length).toBeGreaterThan(5)
        return tourOf({ app: web.app, site }, [web.nobody(language)], {
          signedIn: false,
          plainFiles: true,
          elsewhere,
          faultsOf: (html) => faultsOfPage(html, language),
          leaksOf: (text) => rows.filter(({ name }) => name && text.includes(name)).map(({ name }) => `names ${name}`),
        })
      })
      await sweep(tour, room)
    },
  )

  test.each([mayor, analyst, owner, finance])(
    '%s is offered no link to a page that is closed to them',
    async (login) => {
      const tour = await once(`offered to ${login}`, async () =>
        tourOf({ app: web.app, site }, [await web.signIn(login)], {
          signedIn: true,
          plainFiles: true,
          faultsOf: () => [],
        }),
      )
      const tried = new Set<string>()
      const closed: string[] = []
      for (const { path } of pagesOf(site, room)) {
        if (path.includes(':')) continue
        for (const link of (await tour.open(path)).links) {
          const target = site.shapeAt(link)
          if (!target || tried.has(target.path)) continue
          tried.add(target.path)
          if ((await tour.open(link)).status === 403) closed.push(`${path}: ${link}`)
        }
      }
      expect(tried.size).toBeGreaterThan(10)
      expect(closed).toEqual([])
    },
  )

  test.each(Object.entries(pseudoLocales))('%s go through every page', async (name, change) => {
    const tour = await once(name, async () => {
      const pseudo = await web.inOtherWords(change)
      opened.push(pseudo)
      return tourOf({ app: web.app, site }, await readersIn(pseudo, 'en'), {
        signedIn: true,
        elsewhere,
        faultsOf: (html) => faultsOfPage(html, 'en'),
      })
    })
    await sweep(tour, room)
  })
})
