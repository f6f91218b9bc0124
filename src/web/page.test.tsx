import { describe, expect, it } from 'vitest'
import { partWords } from './gallery/speak.tsx'
import { tagsOf } from './gallery/tags.ts'
import { withParameter } from './language.tsx'
import { renderPage, type Shell } from './page.tsx'

const shell: Shell = {
  say: partWords.say('en'),
  language: 'en',
  title: 'Outcomes',
  product: 'Commonweal',
  city: 'Port Marlow',
  side: 'public',
  home: '/',
  address: '/outcomes?order=name&page=2',
  languages: [
    { tag: 'en', name: 'English' },
    { tag: 'zh-Hans', name: '简体中文' },
  ],
  scheme: 'auto',
  styles: '/commonweal.0123.css',
  navigation: [],
}
const page = (changes: Partial<Shell> = {}) => renderPage({ ...shell, ...changes }, <h1>Outcomes</h1>)

describe('the frame of a page', () => {
  it('leads to the other language and the other colours without losing the question', () => {
    const links = tagsOf(page()).filter(({ name }) => name === 'a')
    const chinese = links.find(({ attributes }) => attributes.hreflang === 'zh-Hans')
    expect(chinese?.attributes.href).toBe('/outcomes?order=name&page=2&language=zh-Hans')
    expect(chinese?.attributes.lang).toBe('zh-Hans')
    expect(links.map(({ attributes }) => attributes.href)).toContain('/outcomes?order=name&page=2&scheme=dark')
  })

  it('keeps pages for some people out of search engines, and only those', () => {
    const robots = (html: string) =>
      tagsOf(html).find(({ attributes }) => attributes.name === 'robots')?.attributes.content
    expect(robots(page())).toBeUndefined()
    expect(robots(page({ side: 'workspace' }))).toBe('noindex, nofollow')
    expect(robots(page({ robots: 'none' }))).toBe('noindex, nofollow')
  })

  it('ships no script unless the page lists one, and reloads only when asked', () => {
    expect(page()).not.toContain('<script')
    expect(page()).not.toContain('http-equiv')
    expect(page({ scripts: ['/islands/map.js'] })).toContain('<script type="module" src="/islands/map.js"></script>')
    expect(page({ refresh: 5 })).toContain('<meta http-equiv="refresh" content="5"')
  })

  it('signs out by a form with the token, and shows the sign-in link to nobody who is in', () => {
    const html = page({
      side: 'workspace',
      signIn: '/sign-in',
      person: { name: 'Ada <b>', account: '/account', signOut: '/sign-out', csrf: 'token-1' },
    })
    expect(html).toContain('<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="token-1"')
    expect(html).not.toContain('href="/sign-in"')
    expect(html).toContain('Ada &lt;b>')
    expect(html).not.toContain('Ada <b>')
  })

  it('begins with a link over the frame to the content', () => {
    const tags = tagsOf(page())
    expect(tags.find(({ name }) => name === 'a')?.attributes.href).toBe('#main')
    expect(tags.find(({ name }) => name === 'main')?.attributes.id).toBe('main')
  })

  it('writes the chosen colours into the document, so that no script is needed for them', () => {
    expect(tagsOf(page({ scheme: 'dark' }))[0]?.attributes['data-color-scheme']).toBe('dark')
  })
})

describe('setting one part of a question', () => {
  it.each([
    ['/a', '/a?language=en'],
    ['/a?language=zh-Hans&q=水', '/a?language=en&q=%E6%B0%B4'],
    ['/a?q=1#table', '/a?q=1&language=en'],
  ])('%s becomes %s', (before, after) => {
    expect(withParameter(before, 'language', 'en')).toBe(after)
  })
})
