import { Icon } from '../icon.tsx'
import { Disclosure } from './card.tsx'

export type DownloadLink = { readonly href: string; readonly label: string; readonly note: string }
type DownloadProps = { readonly title: string; readonly lead: string; readonly links: readonly DownloadLink[] }

/** Downloads: one link for each format, with what it is good for. */
export function DownloadLinks({ title, lead, links }: DownloadProps) {
  return (
    <Disclosure summary={title}>
      <p class="cw-soft">{lead}</p>
      <ul>
        {links.map(({ href, label, note }) => (
          <li key={href}>
            <a class="ds-link" href={href} download>
              <Icon name="download" /> {label}
            </a>{' '}
            <span class="cw-soft">{note}</span>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
