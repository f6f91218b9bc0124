/** Loads a frame of classification (ISO 37101, SDGs, a list of mandates) from its file: one frame, one category per member. */
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

/**
 * Loads or refreshes a frame by its id; categories keep their records. Returns the id of each category by `frame:code`.
 * @throws Invalid where the file has no axes or more than three.
 */
export async function loadFrame(changeSet: ChangeSet, file: FrameFile): Promise<Map<string, string>> {
  if (file.axes.length < 1 || file.axes.length > 3)
    throw invalid('strategy.frame-axes', [{ at: '/axes', code: 'field.wrong' }])
  const { ctx } = changeSet
  const known = await byExternalId(ctx, 'strategy.frame', source, [file.id])
  const keys = file.axes.flatMap((axis) => axis.members.map((member) => `${file.id}:${member.code}`))
  const members = await byExternalId(ctx, 'strategy.category', source, keys)
  const frame = known.get(file.id) ?? newId()
  const change = (kind: string, key: string, id: string | undefined, values: Record<string, unknown>): Change =>
    id
      ? { kind, action: 'change', id, values }
      : {
          kind,
          action: 'create',
          id: key === file.id ? frame : newId(),
          values: { ...values, externalIds: [{ source, id: key }] },
        }
  const changes: Change[] = [
    change('strategy.frame', file.id, known.get(file.id), {
      title: file.title,
      edition: file.edition ?? null,
      note: file.note ?? null,
      axes: file.axes.map((axis) => axis.title),
    }),
  ]
  for (const [axis, { members: list }] of file.axes.entries())
    for (const [position, member] of list.entries()) {
      const key = `${file.id}:${member.code}`
      changes.push(
        change('strategy.category', key, members.get(key), {
          title: member.title,
          frame,
          axis: axis + 1,
          notation: member.code,
          position: position + 1,
        }),
      )
    }
  await save(changeSet, Permit.for(ctx, await prepare(ctx, changes)))
  return new Map(changes.slice(1).map((each, index) => [keys[index]!, each.id!]))
}

/** Frames that come with the house; loading one is a choice. */
export const shippedFrames: readonly FrameFile[] = [iso37101, sdg]
