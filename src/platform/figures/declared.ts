/** Checks the figures of all rooms when the program starts. */
import type { Figure } from '../figure.ts'
import { figureKinds } from '../figure.ts'

export type Known = {
  readonly kinds: ReadonlySet<string>
  readonly recommendations: ReadonlySet<string>
}

/** @throws Error naming the figure and what does not fit. */
export function checkFigures(figures: readonly Figure[], { kinds, recommendations }: Known): void {
  const seen = new Set<string>()
  for (const { id, kind, reads, recommendations: named = [] } of figures) {
    if (!/^[a-z][a-z-]*\.[a-z][a-z-]*$/.test(id)) throw new Error(`The figure "${id}" needs an id like room.name.`)
    if (seen.has(id)) throw new Error(`The figure ${id} is declared twice.`)
    seen.add(id)
    if (!figureKinds.includes(kind)) throw new Error(`The figure ${id} is a "${kind}", which there is not.`)
    for (const read of reads)
      if (!kinds.has(read)) throw new Error(`The figure ${id} reads ${read}, which no module declares.`)
    if (named.length > 0 && kind !== 'share')
      throw new Error(`The figure ${id} names recommendations, but only a share can be evidence.`)
    for (const recommendation of named)
      if (!recommendations.has(recommendation))
        throw new Error(`The figure ${id} names the recommendation ${recommendation}, which there is not.`)
  }
}
