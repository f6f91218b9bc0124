/**
 * Every page, room by room: which exist, whose they are, and a tour that opens each address once however many rooms ask
 * for it.
 */
import { addressOf } from '#kernel/projections/endpoints.ts'
import { moduleOf } from '#kernel/record.ts'
import type { App } from '#platform/app.ts'
import { modules } from '../../src/main/modules.ts'
import { allPages } from '../../src/main/server.ts'
import { linksIn, type Reader, textOf, type Visited } from './pages.ts'

/** A page as it is declared: one address, or one for each record, plan, run … */
export type Shape = {
  readonly path: string
  /** The room that lists it or the kind it shows; `house` for shared pages. */
  readonly room: string
  readonly anyone: boolean
}
export type Site = {
  readonly shapes: readonly Shape[]
  readonly shapeAt: (address: string) => Shape | undefined
}

export const house = 'house'
/** Every room that shows something, and the shared pages. */
export const roomNames: readonly string[] = [
  ...modules.filter(({ kinds = [], pages = [] }) => kinds.length + pages.length > 0).map(({ name }) => name),
  house,
]

export function siteOf(app: App): Site {
  const kinds = [...app.registry.kinds.values()].map(({ declaration }) => declaration)
  const listedBy = new Map(modules.flatMap(({ name, pages = [] }) => pages.map((page) => [page.path, name] as const)))
  const roomOf = (path: string) => {
    const kind = kinds.find((each) => path === addressOf(each) || path.startsWith(`${addressOf(each)}/`))
    return listedBy.get(path) ?? (kind ? moduleOf(kind.kind) : house)
  }
  const shapes = allPages(app).map(({ path, policy }) => ({ path, room: roomOf(path), anyone: policy === 'anyone' }))
  const fixed = new Map(shapes.filter(({ path }) => !path.includes(':')).map((shape) => [shape.path, shape]))
  const patterns = shapes
    .filter(({ path }) => path.includes(':'))
    .map((shape) => ({ shape, pattern: new RegExp(`^${shape.path.replaceAll(/:\w+/g, '[^/]+')}$`) }))
  // A page has hundreds of links, most of them on every page.
  const known = new Map<string, Shape | undefined>()
  const shapeAt = (address: string) => {
    const path = address.split(/[?#]/, 1)[0]!
    if (!known.has(path)) known.set(path, fixed.get(path) ?? patterns.find(({ pattern }) => pattern.test(path))?.shape)
    return known.get(path)
  }
  return { shapes, shapeAt }
}

/** Where a reader can begin without a link, and which pages they can reach. */
type Reach = { readonly starts: readonly string[]; readonly isWanted: (shape: Shape) => boolean }

/**
 * Pages without parameters, and the pages of one record of each kind. The public sees no records of some kinds; a page
 * closed to the public is closed at any address.
 */
async function reachOf(app: App, { shapes }: Site, { signedIn, elsewhere = [] }: TourOptions): Promise<Reach> {
  const { rows } = await app.database.pool.query<{ kind: string; code: string }>(
    `select distinct on (kind) kind, code from records.record
     where "retiredAt" is null and ($1 or audience = 'public') order by kind, code`,
    [signedIn],
  )
  const codes = new Map(rows.map(({ kind, code }) => [kind, code]))
  const fixed = shapes.flatMap(({ path }) => (path.includes(':') ? [] : [path]))
  const hidden: string[] = []
  const ofRecords = [...app.registry.kinds.values()].flatMap(({ declaration }) => {
    const base = addressOf(declaration)
    const code = codes.get(declaration.kind)
    if (!code && !signedIn) hidden.push(`${base}/`)
    const below = shapes.filter(({ path }) => path.startsWith(`${base}/:`) && path.split(':').length === 2)
    return code ? below.map(({ path }) => path.replace(/:\w+/, code)) : []
  })
  const closed = signedIn ? [] : shapes.filter(({ anyone }) => !anyone)
  const isWanted = ({ path, anyone }: Shape) =>
    !elsewhere.includes(path) && !(anyone && path.includes(':') && hidden.some((base) => path.startsWith(base)))
  return { starts: [...fixed, ...ofRecords, ...closed.map(({ path }) => path.replaceAll(/:\w+/g, 'any'))], isWanted }
}

/** A page that was opened: what is wrong with it, and where it leads. */
export type Stop = {
  readonly address: string
  readonly shape: Shape
  readonly status: number
  readonly faults: readonly string[]
  readonly links: readonly string[]
}
export type Tour = {
  /** Opens an address, or returns what was found there before. */
  readonly open: (address: string) => Promise<Stop>
  /**
   * Opens every page of a room that can be reached: those that need no link, then by the first link that leads there.
   * If no page of the room itself links to one, pages of other rooms are opened for their links. `missed` lists the
   * paths that could not be reached.
   */
  readonly visit: (room: string) => Promise<{ readonly stops: readonly Stop[]; readonly missed: readonly string[] }>
}

export type TourOptions = {
  readonly signedIn: boolean
  /** Paths of pages that no link of the city leads to. */
  readonly elsewhere?: readonly string[]
  /** What is wrong with a page. */
  readonly faultsOf: (html: string) => readonly string[]
  /** What must not stand in any answer, be it a page or a file to take home. */
  readonly leaksOf?: (text: string) => readonly string[]
  /**
   * Takes the plain table where a page offers a file in several formats: names can be read in it, and a workbook takes five
   * times as long. Otherwise the first one offered.
   */
  readonly plainFiles?: boolean
}

/** Pages of a room. */
export const pagesOf = ({ shapes }: Site, room: string): Shape[] => shapes.filter((shape) => shape.room === room)

/**
 * A tour of one reader. What is closed to the first reader (separation of duties: an administrator is not finance) is
 * opened by the next one. Visitors who are not signed in are redirected to sign in if a page is not public.
 */
export function tourOf(
  { app, site }: { readonly app: App; readonly site: Site },
  [reader, ...others]: readonly [Reader, ...Reader[]],
  options: TourOptions,
): Tour {
  const { signedIn, faultsOf, leaksOf = () => [], plainFiles = false } = options
  const stops = new Map<string, Promise<Stop>>()
  const seen = new Set<Shape>()
  const offered = new Map<Shape, string>()
  const reach = reachOf(app, site, options)

  const answerAt = async (address: string): Promise<Visited> => {
    let answer = await reader.get(address)
    // A page may redirect; a list without rows is still a page.
    for (let step = 0; step < 3 && answer.status === 303 && answer.to; step++) {
      if (answer.to.startsWith('/sign-in')) break
      answer = await reader.get(answer.to)
    }
    for (const other of others) if (answer.status === 403) answer = await other.get(address)
    return answer
  }
  const look = async (address: string, shape: Shape): Promise<Stop> => {
    const { status, html } = await answerAt(address)
    const stop = { address, shape, status, faults: [], links: [] }
    if (!signedIn && !shape.anyone)
      return status === 303 ? stop : { ...stop, faults: [`${status} for somebody who is not signed in`] }
    if (status !== 200) return { ...stop, faults: [`${status} ${textOf(html).slice(0, 300)}`] }
    const leaks = leaksOf(html)
    // A page may be a download.
    if (!html.startsWith('<!doctype html>')) return { ...stop, faults: leaks }
    return {
      ...stop,
      faults: [...faultsOf(html), ...leaks],
      links: plainFiles ? plainFirst(linksIn(html)) : linksIn(html),
    }
  }
  const open = (address: string): Promise<Stop> => {
    const shape = site.shapeAt(address)
    if (!shape) throw new Error(`${address} is no page of the house.`)
    const known = stops.get(address)
    if (known) return known
    seen.add(shape)
    const stop = look(address, shape)
    stops.set(address, stop)
    return stop.then((found) => {
      for (const link of found.links) {
        const target = site.shapeAt(link)
        if (target?.path.includes(':') && !offered.has(target)) offered.set(target, link)
      }
      return found
    })
  }
  const unseen = (room?: string) =>
    [...offered].find(([shape]) => !seen.has(shape) && (room === undefined || shape.room === room))?.[1]

  const visit: Tour['visit'] = async (room) => {
    const { starts, isWanted } = await reach
    for (const address of starts) if (site.shapeAt(address)?.room === room) await open(address)
    const wanted = pagesOf(site, room).filter(isWanted)
    while (!wanted.every((shape) => seen.has(shape))) {
      const next = unseen(room) ?? starts.find((address) => !stops.has(address)) ?? unseen()
      if (next === undefined) break
      await open(next)
    }
    for (let next = unseen(room); next !== undefined; next = unseen(room)) await open(next)
    const found = await Promise.all(stops.values())
    return {
      stops: found.filter(({ shape }) => shape.room === room),
      missed: wanted.filter((shape) => !seen.has(shape)).map(({ path }) => path),
    }
  }
  return { open, visit }
}

const isPlainFile = (link: string) => /\/download\/csv(\?|$)/.test(link)
const plainFirst = (links: readonly string[]) => [
  ...links.filter(isPlainFile),
  ...links.filter((link) => !isPlainFile(link)),
]

/** What is wrong with a page, whatever it is about. */
export function faultsOfPage(html: string, language: string): string[] {
  const faults: string[] = []
  const text = textOf(html)
  const headings = html.match(/<h1[\s>]/g)?.length ?? 0
  if (headings !== 1) faults.push(`${headings} h1`)
  if (/ style="/.test(html)) faults.push('a style attribute')
  if (/<script/.test(html.replaceAll(/<script type="module" src="[^"]*"><\/script>/g, ''))) faults.push('inline script')
  if (!html.includes(`<html lang="${language}"`)) faults.push('another language')
  for (const [word] of text.matchAll(/\[[a-z][\w-]*(\.[\w -]+)+\]/g)) faults.push(`no word ${word}`)
  for (const odd of ['[object Object]', 'undefined', 'NaN', '{count', ', plural,'])
    if (text.includes(odd)) faults.push(`"${odd}" in the text`)
  const ids = new Set<string>()
  for (const [, id] of html.matchAll(/ id="([^"]+)"/g)) {
    if (ids.has(id!)) faults.push(`the id ${id} twice`)
    ids.add(id!)
  }
  for (const [, , name] of html.matchAll(/ (for|aria-labelledby)="([^"]+)"/g))
    if (!ids.has(name!)) faults.push(`nothing has the id ${name}`)
  for (const [form] of html.matchAll(/<form\b[^>]*method="post"[\s\S]*?<\/form>/g))
    if (!form.includes('name="csrf"')) faults.push('a form without its token')
  return [...new Set(faults)]
}
