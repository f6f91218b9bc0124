import { describe, expect, it } from 'vitest'
import type { Language } from '#kernel/words.ts'
import { partWords } from './gallery/speak.tsx'
import { tagsOf } from './gallery/tags.ts'
import { type GalleryOptions, gallery } from './gallery.tsx'

const show = (language: Language, more: Partial<GalleryOptions> = {}) =>
  gallery({ say: partWords.say(language), language, styles: '/commonweal.0123.css', ...more })

const pages: ReadonlyArray<{ name: string; html: string }> = [
  { name: 'English workspace', html: show('en') },
  { name: 'Chinese workspace', html: show('zh-Hans') },
  { name: 'English public page', html: show('en', { side: 'public' }) },
  { name: 'mirrored workspace', html: show('en', { direction: 'rtl' }) },
]

describe.each(pages)('the gallery as $name', ({ html }) => {
  const tags = tagsOf(html)
  const ids = tags.flatMap(({ attributes }) => (attributes.id === undefined ? [] : [attributes.id]))

  it('is a whole document with one main heading', () => {
    expect(html.startsWith('<!doctype html><html')).toBe(true)
    expect(tags.filter(({ name }) => name === 'h1')).toHaveLength(1)
    expect(tags.filter(({ name }) => name === 'main')).toHaveLength(1)
    expect(tags.find(({ name }) => name === 'title')?.text).toMatch(/ · .+ · Commonweal$/)
  })

  it('carries no style or script of its own, as the content policy demands', () => {
    expect(tags.filter(({ attributes }) => 'style' in attributes)).toEqual([])
    expect(tags.filter(({ name }) => name === 'script' || name === 'style')).toEqual([])
    expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => /^on/.test(name))).toEqual([])
    expect(html).not.toMatch(/javascript:/i)
  })

  it('gives every id once, and every reference leads to one', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const wanted = tags.flatMap(({ attributes }) =>
      ['for', 'list', 'aria-describedby', 'aria-labelledby'].flatMap((name) => attributes[name]?.split(' ') ?? []),
    )
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('labels every input that can be seen', () => {
    const labelled = new Set(tags.filter(({ name }) => name === 'label').map(({ attributes }) => attributes.for))
    const inputs = tags.filter(
      ({ name, attributes }) => /^(input|select|textarea)$/.test(name) && attributes.type !== 'hidden',
    )
    expect(
      inputs.filter(({ attributes }) => !labelled.has(attributes.id)).map(({ attributes }) => attributes.name),
    ).toEqual([])
  })

  it('says every link and button in words', () => {
    const silent = tags.filter(({ name, text }) => /^(a|button|summary)$/.test(name) && text.trim() === '')
    expect(silent).toEqual([])
  })

  it('finds a word for every key', () => {
    expect(html).not.toMatch(/\[web\./)
  })

  it('protects every form that posts', () => {
    const forms = html
      .split('<form')
      .slice(1)
      .map((each) => each.slice(0, each.indexOf('</form>')))
    const posting = forms.filter((form) => /method="post"/.test(form.slice(0, form.indexOf('>'))))
    expect(posting.filter((form) => !form.includes('name="csrf"'))).toEqual([])
  })

  it('names the rows and the columns of every table', () => {
    const heads = tags.filter(({ name }) => name === 'th')
    expect(heads.length).toBeGreaterThan(0)
    expect(heads.filter(({ attributes }) => !attributes.scope)).toEqual([])
    const tables = tags.filter(({ name }) => name === 'table').length
    expect(tags.filter(({ name }) => name === 'caption')).toHaveLength(tables)
  })
})

it('writes what people typed as text, never as markup', () => {
  expect(pages[0]!.html).toContain('&lt;script>alert(&quot;no&quot;)&lt;/script>')
})

it('runs right to left where the language does', () => {
  expect(tagsOf(pages[3]!.html)[0]).toMatchObject({ name: 'html', attributes: { dir: 'rtl', lang: 'en' } })
  const arabic = gallery({ say: partWords.say('en'), language: 'ar', styles: '/x.css' })
  expect(tagsOf(arabic)[0]?.attributes.dir).toBe('rtl')
})

it('marks text in another language with its own', () => {
  const foreign = tagsOf(show('zh-Hans')).find(({ text }) => text.startsWith('Reach 90 %') && text.length < 80)
  expect(foreign?.attributes.lang).toBe('en')
})
