import type { View } from '#kernel/view.ts'
import { type DownloadLink, DownloadLinks } from '#web/parts/download.tsx'

export type PlanDownloadData = { readonly links: readonly DownloadLink[] }

/** On the page of a plan: the plan with everything that belongs to it, in the available formats. */
export const planDownloadView = ({ links }: PlanDownloadData, { say }: View) => (
  <DownloadLinks title={say('exchange.download.plan')} lead={say('exchange.download.lead')} links={links} />
)
