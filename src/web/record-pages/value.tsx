/** Values of a record as a reader sees them: words, days, links with names, never ids. */
import type { DisplayValue } from '#kernel/fields/field.ts'
import type { View } from '#kernel/view.ts'

export type { DisplayValue }

export function Value({ value, view }: { value: DisplayValue; view: View }) {
  switch (value.as) {
    case 'nothing':
      return <span class="cw-soft">{view.say('record.page.nothing')}</span>
    case 'text':
      return value.long ? (
        <div class="cw-prose cw-stack" data-gap="tight" lang={value.lang}>
          {value.text.split(/\n+/).map((part, index) => (
            <p key={`${index} ${part}`}>{part}</p>
          ))}
        </div>
      ) : (
        <span lang={value.lang}>{value.text}</span>
      )
    case 'link':
      return (
        <a href={value.href} lang={value.lang}>
          {value.text}
        </a>
      )
    case 'address':
      return (
        <a href={value.href} rel="noopener nofollow">
          {value.text ?? value.href}
        </a>
      )
    case 'hidden':
      return <span class="cw-soft">{view.say('record.page.hidden')}</span>
    case 'erased':
      return <span class="cw-soft">{view.say('record.page.erased')}</span>
    case 'several':
      return (
        <ul>
          {value.items.map((item, index) => (
            <li key={`${index}`}>
              <Value value={item} view={view} />
            </li>
          ))}
        </ul>
      )
  }
}
