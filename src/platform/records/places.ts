/**
 * Where the records of a list are, set-based: each small place falls into a cell of the map, counted in the database, so
 * that a whole city costs as much as its map has cells, not as it has records. What is large enough to be seen is named
 * by itself. Degrees throughout; a list that lies on both sides of the antimeridian is drawn as wide as the world.
 */
import { sql } from 'kysely'
import type { RecordKind } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { conditionsOf, type ListOptions } from './find.ts'
import { tableOf } from './table.ts'

export type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number }
/** One record, or as many as lie in one cell; its box is theirs. */
export type Spot = Box & {
  /** One of them. */
  readonly id: string
  readonly count: number
  readonly longitude: number
  readonly latitude: number
  /** Large enough to be drawn in its shape. */
  readonly shape: boolean
}
export type Spots = {
  /** What is found lies in it; null if nothing is. */
  readonly frame: Box | null
  readonly spots: readonly Spot[]
  /** There are more than `maxPlaced`; these are the oldest. */
  readonly cut: boolean
}

/** Records with a place that are looked at together: 20,000 take about 100 ms. */
export const maxPlaced = 20_000
/** Cells in each direction. */
const cells = 40
/** Shapes that are drawn, the largest first: at most so many, so large together (bytes as stored). The others are marks. */
const maxShapes = 100
const maxShapeBytes = 2_000_000
/** A shape is drawn if it takes this share of the map in one direction. */
const shapeShare = 0.04

type Where = Pick<ListOptions, 'filters' | 'words' | 'where'>

/** @param within what is drawn, where the reader has asked for a part of the map. */
export async function spotsOf(
  ctx: Context,
  kind: RecordKind,
  field: string,
  where: Where,
  within?: Box,
): Promise<Spots> {
  const side = (name: string) => sql`t.${sql.id(`${field}${name}`)}::float8`
  const place = sql`t.${sql.id(field)}`
  const asked = within
    ? sql`select ${within.west}::float8 as west, ${within.south}::float8 as south, ${within.east}::float8 as east, ${within.north}::float8 as north`
    : sql`select min(west) as west, min(south) as south, max(east) as east, max(north) as north from found`
  const { rows } = await sql<Spot & { placed: number; frame: Box }>`
    with found as materialized (
      select r.id, ${side('West')} as west, ${side('South')} as south, ${side('East')} as east, ${side('North')} as north,
        pg_column_size(${place}) as bytes
      from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
      where ${sql.join(conditionsOf(ctx, kind, where), sql` and `)} and ${place} is not null
      order by r.id limit ${maxPlaced + 1}
    ),
    frame as (select *, greatest(east - west, 1e-7) as wide, greatest(north - south, 1e-7) as high from (${asked}) asked),
    sized as (
      select f.*, greatest((f.east - f.west) / wide, (f.north - f.south) / high) as size,
        least(greatest((f.west + f.east) / 2, frame.west), frame.east) as x,
        least(greatest((f.south + f.north) / 2, frame.south), frame.north) as y,
        frame.west as left, frame.south as below, wide, high
      from found f, frame
    ),
    ranked as (
      select *, row_number() over largest as rank, sum(bytes) over largest as total from sized
      window largest as (order by (case when east > west or north > south then size else 0 end) desc, id
        rows unbounded preceding)
    ),
    placed as (
      select *, (size >= ${shapeShare}::float8 and (east - west > 1e-6 or north - south > 1e-6)
        and rank <= ${maxShapes} and total <= ${maxShapeBytes}) as shape from ranked
    )
    select min(id::text) as id, count(*)::integer as count, avg(x) as longitude, avg(y) as latitude, shape,
      min(west) as west, min(south) as south, max(east) as east, max(north) as north,
      (select count(*)::integer from found) as placed, (select row_to_json(frame) from frame) as frame
    from placed
    group by shape, (case when shape then id::text else floor((x - "left") / wide * ${cells - 0.001}::float8)::text || ' ' ||
      floor((y - below) / high * ${cells - 0.001}::float8)::text end)
    order by max(size) desc, 1`.execute(ctx.db)
  const [first] = rows
  if (!first) return { frame: null, spots: [], cut: false }
  const { west, south, east, north } = first.frame
  return {
    frame: { west, south, east, north },
    spots: rows.map(({ placed: _, frame: __, ...spot }) => spot),
    cut: first.placed > maxPlaced,
  }
}

/** Areas of another kind that lie in a box, the largest first: what stands behind a map. */
export async function areasIn(
  ctx: Context,
  kind: RecordKind,
  field: string,
  { west, south, east, north }: Box,
): Promise<ReadonlyArray<{ readonly id: string }>> {
  const side = (name: string) => sql`t.${sql.id(`${field}${name}`)}`
  const box = { field, is: 'within' as const, value: [west, south, east, north].map((each) => each.toFixed(7)) }
  const { rows } = await sql<{ id: string }>`
    select id from (
      select r.id, row_number() over largest as rank, sum(pg_column_size(t.${sql.id(field)})) over largest as total
      from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
      where ${sql.join(conditionsOf(ctx, kind, { filters: [box] }), sql` and `)}
      window largest as (order by (${side('East')} - ${side('West')}) * (${side('North')} - ${side('South')}) desc, r.id
        rows unbounded preceding)
    ) areas where rank <= ${maxShapes} and total <= ${maxShapeBytes} order by rank`.execute(ctx.db)
  return rows
}
