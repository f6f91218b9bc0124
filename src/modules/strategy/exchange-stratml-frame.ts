/** What is gathered of an open element until it closes. */

export type Frame = {
  readonly name: string
  readonly line: number
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: Frame | undefined
  /** Texts of plain children, the first of each name. */
  readonly values: Record<string, string>
  /** Texts of children that may come several times. */
  readonly lists: Record<string, string[]>
  text: string
  /** Name of the child before, for the order. */
  last: string | undefined
  /** What our extension says the element lacks; undefined in a file from elsewhere. */
  rest: Record<string, unknown> | undefined
  /** Id of its record, made when it is first asked for. */
  id: string | undefined
  /** Is its identifier its own? An earlier element may have had the same. */
  claims: boolean
  /** How many children of each name it has had. */
  readonly counts: Record<string, number>
  /** Results of an indicator. */
  readonly rows: { target: Array<Record<string, unknown>>; measurement: Array<Record<string, unknown>> }
  /** Words of results that are no numbers. */
  readonly said: string[]
}

export const newFrame = (
  name: string,
  line: number,
  attributes: Readonly<Record<string, string>>,
  parent: Frame | undefined,
): Frame => ({
  name,
  line,
  attributes,
  parent,
  // Elements may be called anything, `constructor` too.
  values: Object.create(null),
  lists: Object.create(null),
  text: '',
  last: undefined,
  rest: undefined,
  id: undefined,
  claims: false,
  counts: Object.create(null),
  rows: { target: [], measurement: [] },
  said: [],
})

/** The text of a child, without blanks around it; nothing where there is none. */
export const plainOf = (frame: Frame, name: string): string | undefined => {
  const text = frame.values[name]?.trim()
  return text === '' ? undefined : text
}
