/** What is collected from an open element until it closes. */

export type Frame = {
  readonly name: string
  readonly line: number
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: Frame | undefined
  /** Text of plain children, the first of each name. */
  readonly values: Record<string, string>
  /** Text of children that may be repeated. */
  readonly lists: Record<string, string[]>
  text: string
  /** Name of the previous child, for checking the order. */
  last: string | undefined
  /** What our extension says the element lacks; undefined in a file from elsewhere. */
  rest: Record<string, unknown> | undefined
  /** Id of its record, generated on first use. */
  id: string | undefined
  /** Is its identifier its own? An earlier element may have had the same. */
  claims: boolean
  /** How many children of each name it has had so far. */
  readonly counts: Record<string, number>
  /** Results of an indicator. */
  readonly rows: { target: Array<Record<string, unknown>>; measurement: Array<Record<string, unknown>> }
  /** Text of results that are not numbers. */
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
  // Elements may have any name, even `constructor`.
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

/** The text of a child, trimmed; nothing if there is none. */
export const plainOf = (frame: Frame, name: string): string | undefined => {
  const text = frame.values[name]?.trim()
  return text === '' ? undefined : text
}
