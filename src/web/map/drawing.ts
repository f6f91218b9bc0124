/** A layered map as plain data: the content of the boxes, the meaning of the arrows, and all positions. */
import type { IconName } from '../icon.tsx'

/** How much a box shows: kind, name and marks; code and name; the name in one line. */
export type MapDetail = 'full' | 'short' | 'line'

export type MapMark = { readonly icon: IconName; readonly text: string; readonly tone: 'concern' | 'quiet' | 'good' }

export type MapBox = {
  /** Unique on the map; part of the address `#map-KEY` of its line in the list. */
  readonly key: string
  /** Part of the map: its column, and its colour. */
  readonly band: number
  /** What it is, in a word: 'Benefit', and its code. */
  readonly kind: string
  readonly code?: string
  readonly title: string
  /** Language of the title if not the page's. */
  readonly lang?: string
  readonly href?: string
  /** Address of the map with only what leads to it and from it. */
  readonly chain?: string
  /** State in a word. */
  readonly state?: string
  /** In the same part as others but below them, as objectives are below outcomes. */
  readonly minor?: boolean
  /** What somebody loses: a broken border and orange; `kind` says so in words. */
  readonly loss?: boolean
  /** How many it stands for; `href` opens them. */
  readonly count?: number
  readonly marks: readonly MapMark[]
  /** Shown in the list only: owner, organisation. */
  readonly note?: string
}

export type MapArrow = {
  /** Positions of the boxes. `to` is what `from` brings about. */
  readonly from: number
  readonly to: number
  /** Judged importance for `to`, 0–100; null where nobody has judged it. */
  readonly percent: number | null
  /** Part of a finding, such as a loop. */
  readonly concern?: boolean
}

/** All positions, from left to right: corners x0, y0, x1, y1 …, and the points each arrow passes. */
export type MapPlaces = {
  readonly width: number
  readonly height: number
  readonly corners: readonly number[]
  readonly routes: ReadonlyArray<readonly number[]>
  readonly bands: ReadonlyArray<{ readonly band: number; readonly x: number; readonly width: number }>
  readonly lanes: ReadonlyArray<{ readonly lane: number; readonly y: number; readonly height: number }>
}

export type MapDrawing = {
  readonly boxes: readonly MapBox[]
  readonly arrows: readonly MapArrow[]
  readonly places: MapPlaces
  /** Of every box. */
  readonly size: { readonly width: number; readonly height: number }
  readonly detail: MapDetail
  /** Names of the parts by band, and of the rows by lane. */
  readonly bandNames: readonly string[]
  readonly laneNames: readonly string[]
  /** Read from what is achieved to what it needs: the last part comes first. */
  readonly reversed?: boolean
}

/** Space above the boxes for the names of the parts. */
export const headHeight = 40
