import { listedCount, listedShare } from '#platform/figures/index.ts'
import { account } from './records.ts'

/** What the room says about itself. */
export const figures = [
  listedShare(account, { id: 'identity.accounts-of-people', among: 'state=active', lacking: 'person[empty]=true' }),
  listedCount(account, { id: 'identity.accounts-opened', on: 'createdAt', unit: '{account}' }),
]
