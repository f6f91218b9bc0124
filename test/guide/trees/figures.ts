import { listedShare } from '#platform/figures/index.ts'
import { inspection } from './records.ts'

/** What the room counts about itself; the share is evidence for a recommendation of the standard. */
export const figures = [
  listedShare(inspection, { id: 'trees.inspected', lacking: 'state=planned', recommendations: ['6.15-2'] }),
]
