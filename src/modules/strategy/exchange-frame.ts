/**
 * Loads a classification frame (ISO 37101, SDGs, a list of mandates) from its file: one frame, one category per member.
 */
import { invalid } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'
import { byExternalId, type Change, type ChangeSet, newId, Permit, prepare, save } from '#platform/records/index.ts'
import iso37101 from './frames/iso-37101.json' with { type: 'json' }
import sdg from './frames/sdg.json' with { type: 'json' }

export type FrameFile = {
  readonly id: string
  readonly edition?: string
  readonly title: Localized
  readonly note?: Localized
  readonly axes: ReadonlyArray<{
    readonly code: string
    readonly title: Localized
    readonly members: ReadonlyArray<{ readonly code: string; readonly title: Localized }>
  }>
}

const source = 'frame'

/** Ids of an existing frame and its categories, by external id. */
type KnownFrame = { readonly frame?: ReadonlyMap<string, string>; readonly categories?: ReadonlyMap<string, string> }

const keysOf = (file: FrameFile) => file.axes.flatMap((axis) => axis.members.map(({ code }) => `${file.id}:${code}`))

/**
 * A frame and its categories as changes, with the id of each category by `frame:code`; existing ones keep their record.
 */
export function frameChanges(
  file: FrameFile,
  known: KnownFrame = {},
): { changes: readonly Change[]; categories: Map<string, string> } {
  const change = (kind: string, key: string, id: string | undefined, values: Record<string, unknown>) =>
    id
      ? { kind, action: 'change', id, values }
      : { kind, action: 'create', id: newId(), values: { ...values, externalIds: [{ source, id: key }] } }
  const frame = change('strategy.frame', file.id, known.frame?.get(file.id), {
    title: file.title,
    edition: file.edition ?? null,
    note: file.note ?? null,
    axes: file.axes.map((axis) => axis.title),
  })
  const categories = file.axes.flatMap((axis, index) =>
    axis.members.map((member, position) => {
      const key = `${file.id}:${member.code}`
      const of = { frame: frame.id, axis: index + 1, notation: member.code, position: position + 1 }
      return change('strategy.category', key, known.categories?.get(key), { title: member.title, ...of })
    }),
  )
  const keys = keysOf(file)
  return {
    changes: [frame, ...categories],
    categories: new Map(categories.map(({ id }, index) => [keys[index]!, id])),
  }
}

/**
 * Loads or refreshes a frame by its id; categories keep their records. Returns the id of each category by `frame:code`.
 * @throws Invalid if the file has no axes or more than three.
 */
export async function loadFrame(changeSet: ChangeSet, file: FrameFile): Promise<Map<string, string>> {
  if (file.axes.length < 1 || file.axes.length > 3)
    throw invalid('strategy.frame-axes', [{ at: '/axes', code: 'field.wrong' }])
  const { ctx } = changeSet
  const { changes, categories } = frameChanges(file, {
    frame: await byExternalId(ctx, 'strategy.frame', source, [file.id]),
    categories: await byExternalId(ctx, 'strategy.category', source, keysOf(file)),
  })
  await save(changeSet, Permit.for(ctx, await prepare(ctx, changes)))
  return categories
}

/** Frames that ship with the program; loading one is optional. */
export const shippedFrames: readonly FrameFile[] = [iso37101, sdg]
