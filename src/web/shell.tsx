import type { NavigationEntry, Shell } from './frame.ts'
import { Emblem, Icon } from './icon.tsx'
import { useLanguage, withParameter } from './language.tsx'

/** Name of city and product, search, languages, colours, account. */
export function Masthead({ shell }: { shell: Shell }) {
  const { say } = useLanguage()
  return (
    <header class="cw-masthead">
      <div class="cw-page cw-masthead-row">
        <a class="cw-brand" href={shell.home}>
          <Emblem />
          <span class="cw-brand-words">
            <span class="cw-brand-city">{shell.city}</span>
            <span class="cw-brand-product">{shell.product}</span>
          </span>
        </a>
        <search class="cw-search">
          <form method="get" action="/search">
            <label class="cw-unseen" for="search-everything">
              {say('web.search.label')}
            </label>
            <input
              id="search-everything"
              type="search"
              name="q"
              value={shell.search}
              placeholder={say('web.search.placeholder')}
              autocomplete="off"
            />
            <button type="submit">
              <Icon name="search" />
              <span class="cw-unseen">{say('web.search.submit')}</span>
            </button>
          </form>
        </search>
        <div class="cw-tools">
          <a class="cw-tool cw-search-link" href="/search">
            <Icon name="search" />
            <span class="cw-unseen">{say('web.search.submit')}</span>
          </a>
          <LanguageTools shell={shell} />
          <details class="cw-tool-menu">
            <summary>
              <Icon name="appearance" />
              <span class="cw-unseen">{say('web.scheme.label')}</span>
            </summary>
            <ul class="cw-menu-list">
              {schemes.map((scheme) => (
                <li key={scheme}>
                  <a
                    href={withParameter(shell.address, 'scheme', scheme)}
                    aria-current={shell.scheme === scheme ? 'true' : undefined}
                  >
                    {say(`web.scheme.${scheme}`)}
                    {shell.scheme === scheme && <Icon name="check" />}
                  </a>
                </li>
              ))}
            </ul>
          </details>
          <Account shell={shell} />
        </div>
      </div>
    </header>
  )
}

const schemes = ['auto', 'light', 'dark'] as const

/** Up to three languages are shown directly; more go into a list. */
function LanguageTools({ shell }: { shell: Shell }) {
  const { say } = useLanguage()
  const others = shell.languages.filter(({ tag }) => tag !== shell.language)
  const links = others.map(({ tag, name }) => (
    <a
      key={tag}
      class={others.length <= 2 ? 'cw-tool' : undefined}
      href={withParameter(shell.address, 'language', tag)}
      lang={tag}
      hreflang={tag}
    >
      {name}
    </a>
  ))
  if (others.length <= 2) return <>{links}</>
  return (
    <details class="cw-tool-menu">
      <summary>
        <Icon name="globe" />
        <span class="cw-unseen">{say('web.language.label')}</span>
      </summary>
      <ul class="cw-menu-list">
        {links.map((link) => (
          <li key={link.key}>{link}</li>
        ))}
      </ul>
    </details>
  )
}

function Account({ shell }: { shell: Shell }) {
  const { say } = useLanguage()
  const { person } = shell
  if (!person) {
    return shell.signIn ? (
      <a class="cw-tool" href={shell.signIn}>
        <Icon name="person" />
        <span class="cw-tool-words">{say('web.account.sign-in')}</span>
      </a>
    ) : null
  }
  return (
    <details class="cw-tool-menu">
      <summary>
        <Icon name="person" />
        <span class="cw-tool-words">{person.name}</span>
      </summary>
      <div class="cw-menu-list">
        <p class="cw-menu-note">
          {say('web.account.signed-in-as', { name: person.name })}
          {person.note && (
            <>
              <br />
              {person.note}
            </>
          )}
        </p>
        <a href={person.account}>{say('web.account.mine')}</a>
        {shell.otherSide && <a href={shell.otherSide.href}>{shell.otherSide.label}</a>}
        <form method="post" action={person.signOut}>
          <input type="hidden" name="csrf" value={person.csrf} />
          <button type="submit">
            <Icon name="leave" />
            {say('web.account.sign-out')}
          </button>
        </form>
      </div>
    </details>
  )
}

/** The sections; under the current one, its rooms. */
export function Navigation({ entries }: { entries: readonly NavigationEntry[] }) {
  const { say } = useLanguage()
  if (entries.length === 0) return null
  const rooms = entries.find((entry) => entry.current && entry.children && entry.children.length > 0)
  return (
    <nav class="cw-navigation" aria-label={say('web.navigation.label')}>
      <div class="cw-page">
        <NavigationLinks entries={entries} />
      </div>
      {rooms && (
        <div class="cw-navigation-rooms">
          <div class="cw-page">
            <NavigationLinks entries={rooms.children ?? []} label={rooms.label} />
          </div>
        </div>
      )}
    </nav>
  )
}

function NavigationLinks({ entries, label }: { entries: readonly NavigationEntry[]; label?: string }) {
  return (
    <ul aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.href}>
          <a href={entry.href} aria-current={entry.current ? (label ? 'page' : 'true') : undefined}>
            {entry.label}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** Breadcrumbs from the top down to this page. */
export function Breadcrumbs({ steps }: { steps: ReadonlyArray<{ label: string; href: string }> }) {
  const { say } = useLanguage()
  return (
    <nav class="cw-trail" aria-label={say('web.trail.label')}>
      <ol>
        {steps.map((step, index) => (
          <li key={step.href}>
            {index > 0 && <Icon name="chevron-right" />}
            <a href={step.href}>{step.label}</a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

export function Footer({ shell }: { shell: Shell }) {
  const { say } = useLanguage()
  return (
    <footer class="cw-footer">
      <div class="cw-page">
        <div class="cw-stack cw-footer-words" data-gap="tight">
          <p>
            <strong>{shell.city}</strong> · {shell.product}
          </p>
          {shell.imprint && <p>{shell.imprint}</p>}
          {shell.footer && shell.footer.length > 0 && (
            <ul>
              {shell.footer.map((link) => (
                <li key={link.href}>
                  <a href={link.href}>{link.label}</a>
                </li>
              ))}
            </ul>
          )}
        </div>
        <nav class="cw-stack cw-footer-choices" data-gap="tight" aria-label={say('web.language.label')}>
          <ul>
            {shell.languages.map(({ tag, name }) => (
              <li key={tag}>
                <a
                  href={withParameter(shell.address, 'language', tag)}
                  lang={tag}
                  hreflang={tag}
                  aria-current={tag === shell.language ? 'true' : undefined}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  )
}
