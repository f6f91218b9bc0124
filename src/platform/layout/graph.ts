/** What is to be placed, and the resulting positions: plain numbers, so that they pass between threads unchanged. */

export type LayoutNode = {
  readonly id: string
  /** Which part of the map it belongs to, 0 first; a part may need several columns if its nodes depend on each other. */
  readonly band: number
  /** Row of the map it stays in, 0 at the top; absent if rows mean nothing. */
  readonly lane?: number
}
export type LayoutLink = { readonly from: string; readonly to: string }

export type LayoutSizes = {
  /** Size of every box, and the least distance between columns and between boxes in one, in units of the drawing. */
  readonly width: number
  readonly height: number
  readonly columnGap: number
  readonly rowGap: number
  /** Room above the boxes of each row for its name. */
  readonly laneHead: number
}

export type LayoutGraph = {
  readonly nodes: readonly LayoutNode[]
  /** Ends that are not nodes are refused; loops are drawn against the order. */
  readonly links: readonly LayoutLink[]
  readonly sizes: LayoutSizes
}

export type Placement = {
  readonly width: number
  readonly height: number
  /** Upper left corners in the order of the nodes: x0, y0, x1, y1 … */
  readonly corners: readonly number[]
  /** Points each link passes, in the order of the links: x0, y0, x1, y1 … from the edge of one box to that of another. */
  readonly routes: ReadonlyArray<readonly number[]>
  /** Where each part is, in the order of their numbers; a part without nodes is left out. */
  readonly bands: ReadonlyArray<{ readonly band: number; readonly x: number; readonly width: number }>
  readonly lanes: ReadonlyArray<{ readonly lane: number; readonly y: number; readonly height: number }>
}
