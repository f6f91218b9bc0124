/** A list as a map: everything it finds that has a place, and page by page the same as a list. */
import type { Geometry } from '#kernel/fields/geojson.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import {
  areasIn,
  type Box,
  count,
  getMany,
  list as listOf,
  maxPlaced,
  namesOf,
  type Spot,
  spotsOf,
} from '#platform/records/index.ts'
import type { PlacesDrawing, PlacesView } from '#web/list/places.tsx'
import { presenterOf } from '../presenter.ts'
import { type Asked, addressWith, none } from './address.ts'
import { type List, placeIn } from './declare.ts'
import { labelOf } from './filters.ts'
import { gathered, isOnePlace, pathOf, type Sheet, scaleOf, sheetFor } from './sheet.ts'

/** Records in the list beside the map. */
const pageSize = 50

export async function mapOf(ctx: AppContext, list: List, asked: Asked): Promise<PlacesView> {
  const { kind } = list
  const { at } = list.map!
  const { named, say } = presenterOf(ctx)
  const part = boxIn(asked.query[at])
  const placed = {
    ...asked.where,
    filters: [...(asked.where.filters ?? []), { field: at, is: 'empty' as const, value: false }],
  }
  const without = {
    ...asked.where,
    filters: [...(asked.where.filters ?? []), { field: at, is: 'empty' as const, value: true }],
  }
  const [{ frame, spots, cut }, page, all, missing] = await Promise.all([
    spotsOf(ctx, kind, at, asked.where, part),
    listOf(ctx, kind, {
      ...placed,
      sort: asked.sort,
      limit: pageSize,
      ...(asked.after ? { after: asked.after } : {}),
    }),
    count(ctx, kind, placed),
    count(ctx, kind, without),
  ])
  const rows = (page.rows as AnyRecord[]).map((row) => ({ ...named(row), code: row.code }))
  const more = String(all.more)
  return {
    label: labelOf(ctx, list, at),
    shown: cut ? say('record.list.map-cut', { shown: maxPlaced }) : say('record.list.map', { count: all.count, more }),
    drawing: frame ? await drawingOf(ctx, list, asked, frame, spots) : null,
    ...(part ? { whole: addressWith(list, asked.query, { [at]: undefined }) } : {}),
    rows,
    summary: say('record.list.shown', { shown: rows.length, count: all.count, more }),
    ...(asked.after ? { first: addressWith(list, asked.query, {}) } : {}),
    ...(page.next ? { next: addressWith(list, asked.query, { after: page.next }) } : {}),
    ...(missing.count > 0
      ? { without: { count: missing.count, href: addressWith(list, asked.query, { as: undefined, [at]: none }) } }
      : {}),
  }
}

/** The part of the map that an address asks for. Across the antimeridian there is none to draw. */
function boxIn(value: string | undefined): Box | undefined {
  const sides = value?.split(',').map(Number) ?? []
  const [west, south, east, north] = sides as [number, number, number, number]
  return sides.length === 4 && west < east && south < north ? { west, south, east, north } : undefined
}

async function drawingOf(
  ctx: AppContext,
  list: List,
  asked: Asked,
  frame: Box,
  spots: readonly Spot[],
): Promise<PlacesDrawing> {
  const { kind } = list
  const { at } = list.map!
  const { named, say, plural, plain } = presenterOf(ctx)
  const sheet = sheetFor(frame, boxIn(asked.query[at]) ? 'part' : 'whole')
  const marks = gathered(
    sheet,
    spots.filter(({ shape }) => !shape),
  )
  const [shapes, names, behind] = await Promise.all([
    getMany(
      ctx,
      kind,
      spots.filter(({ shape }) => shape).map(({ id }) => id),
    ),
    namesOf(
      ctx,
      marks.filter((mark) => mark.count === 1).map(({ id }) => id),
    ),
    behindOf(ctx, list, sheet),
  ])
  const nameOf = (row: Parameters<typeof named>[0] & { code: string }) => `${plain(row.title)} (${row.code})`
  const scale = scaleOf(sheet)
  return {
    width: sheet.width,
    height: sheet.height,
    behind,
    shapes: [...(shapes.values() as Iterable<AnyRecord>)]
      // Largest first, so that what is small lies above it.
      .toSorted(
        (one, other) => spots.findIndex(({ id }) => id === one.id) - spots.findIndex(({ id }) => id === other.id),
      )
      .map((row) => ({
        ...pathOf(sheet, row[at] as Geometry),
        label: nameOf(row),
        href: named(row).href,
      })),
    marks: marks.flatMap(({ id, count: several, x, y, west, south, east, north }) => {
      const place = { x, y }
      const few = new Intl.NumberFormat(ctx.language, { notation: 'compact' }).format(several)
      const name = names.get(id)
      if (several === 1) return name ? [{ ...place, label: nameOf(name), href: named(name).href }] : []
      const same = isOnePlace({ west, south, east, north })
      return [
        {
          ...place,
          text: few,
          label: say(same ? 'record.list.map-same' : 'record.list.map-near', {
            count: few,
            plural: plural(kind.kind),
          }),
          href: addressWith(list, asked.query, {
            [at]: written({ west, south, east, north }),
            ...(same ? { as: undefined } : {}),
          }),
        },
      ]
    }),
    ...(scale
      ? {
          scale: {
            length: scale.length,
            text: new Intl.NumberFormat(ctx.language, {
              style: 'unit',
              unit: scale.metres < 1000 ? 'meter' : 'kilometer',
            }).format(scale.metres < 1000 ? scale.metres : scale.metres / 1000),
          },
        }
      : {}),
  }
}

/** `west,south,east,north`, a metre wider on each side, so that nothing on the edge is lost to rounding. */
function written({ west, south, east, north }: Box): string {
  const edge = 1e-5
  const limit = (value: number, most: number) => Math.min(most, Math.max(-most, value)).toFixed(6)
  return [limit(west - edge, 180), limit(south - edge, 90), limit(east + edge, 180), limit(north + edge, 90)].join(',')
}

/** The areas of the city behind the map, as far as the reader may read them. */
async function behindOf(ctx: AppContext, { map, kind }: List, sheet: Sheet): Promise<PlacesDrawing['behind']> {
  if (!map?.over || map.over === kind.kind) return []
  const { declaration } = ctx.registry.kind(map.over)
  const field = placeIn(declaration)!
  const found = await areasIn(ctx, declaration, field, sheet.frame)
  const areas = await getMany(
    ctx,
    declaration,
    found.map(({ id }) => id),
  )
  const { text } = presenterOf(ctx)
  return found.flatMap(({ id }) => {
    const area = areas.get(id) as AnyRecord | undefined
    if (!area) return []
    const { path, middle, width } = pathOf(sheet, area[field] as Geometry)
    const name = text(area.title)
    // About 6 units for each letter.
    return [{ path, ...(middle && name.text.length * 6 < width ? { name: { ...name, ...middle } } : {}) }]
  })
}
