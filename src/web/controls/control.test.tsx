import { describe, expect, it } from 'vitest'
import type { FormField } from '#kernel/projections/fieldset.ts'
import { allTypes, fieldOfType } from '#test/kit/field-types.ts'
import { renderPart } from '../gallery/speak.tsx'
import { type Tag, tagsOf } from '../gallery/tags.ts'
import { ChoiceControl } from './choice.tsx'
import { controlId, FormControl } from './control.tsx'
import { Form } from './form.tsx'
import { DayControl } from './number.tsx'
import { LocalizedControl, TextControl } from './text.tsx'

const languages = [
  { tag: 'en', name: 'English' },
  { tag: 'zh-Hans', name: '简体中文' },
]
const choices = [
  { value: 'a', label: 'One' },
  { value: 'b', label: 'Two' },
]
const field = (type: string, more: Partial<FormField> = {}): FormField => ({
  name: 'thing',
  type,
  label: 'Thing',
  hint: 'What it is.',
  required: true,
  localized: false,
  choices,
  ...more,
})
const inputs = (html: string): Tag[] =>
  tagsOf(html).filter(({ name, attributes }) => /^(input|select|textarea)$/.test(name) && attributes.type !== 'hidden')

const byType = new Map(allTypes.map((type) => [type.type, fieldOfType(type)]))

describe.each([...byType.keys(), 'link'])('the control of the type %s', (type) => {
  const html = renderPart(
    <FormControl
      field={field(type, byType.get(type)?.of ? { of: byType.get(type)!.of! } : { list: 'currency' })}
      value={{}}
      problem="Say what it is."
      languages={languages}
      options={[{ id: 'r1', label: 'Record <1>' }]}
    />,
  )
  const tags = tagsOf(html)

  it('has inputs, each with its own label', () => {
    const labelled = tags.filter(({ name }) => name === 'label').map(({ attributes }) => attributes.for)
    expect(inputs(html).length).toBeGreaterThan(0)
    expect(inputs(html).filter(({ attributes }) => !labelled.includes(attributes.id))).toEqual([])
  })

  it('ties hint and problem to the input or its group', () => {
    const described = tags.flatMap(({ attributes }) => attributes['aria-describedby']?.split(' ') ?? [])
    expect(described).toEqual(expect.arrayContaining([`${controlId('thing')}-hint`, `${controlId('thing')}-problem`]))
    expect(tags.find(({ attributes }) => attributes.id === `${controlId('thing')}-problem`)?.text).toContain(
      'Say what it is.',
    )
  })

  it('can be reached from the error summary', () => {
    expect(tags.filter(({ attributes }) => attributes.id === controlId('thing'))).toHaveLength(1)
  })
})

it('refuses a type that has no control, by name', () => {
  expect(() => renderPart(<FormControl field={field('colour')} value={{}} languages={languages} />)).toThrow(
    /"colour" of thing/,
  )
})

describe('text in several languages', () => {
  const html = renderPart(
    <LocalizedControl
      id="t"
      name="title"
      label="Title"
      required
      languages={languages}
      value={{ en: 'A "b" <c>', 'zh-Hans': '标题' }}
      problem={{ 'zh-Hans': '太长' }}
    />,
  )

  it('has one input for each, with its language and name', () => {
    expect(inputs(html).map(({ attributes }) => [attributes.name, attributes.lang, attributes.value])).toEqual([
      ['title.en', 'en', 'A "b" <c>'],
      ['title.zh-Hans', 'zh-Hans', '标题'],
    ])
  })

  it('asks for the first only, and points at the one that is wrong', () => {
    expect(inputs(html).map(({ attributes }) => attributes['aria-required'])).toEqual(['true', undefined])
    expect(inputs(html).map(({ attributes }) => attributes['aria-invalid'])).toEqual([undefined, 'true'])
  })
})

describe('a choice', () => {
  const many = Array.from({ length: 6 }, (_, index) => ({ value: `${index}`, label: `Answer ${index}` }))

  it('stands in the open up to five answers and is a list from six', () => {
    expect(
      inputs(renderPart(<ChoiceControl id="c" name="c" label="C" required options={many.slice(0, 5)} />)),
    ).toHaveLength(5)
    expect(inputs(renderPart(<ChoiceControl id="c" name="c" label="C" required options={many} />))[0]?.name).toBe(
      'select',
    )
  })

  it('can be taken back where it may be left out', () => {
    const free = inputs(renderPart(<ChoiceControl id="c" name="c" label="C" options={choices} value="a" />))
    expect(free.at(-1)?.attributes.value).toBe('')
  })
})

it('keeps a day that cannot be read, so that it can be mended', () => {
  const input = inputs(renderPart(<DayControl id="d" name="d" label="Day" value="31/02/2026" />))[0]
  expect(input?.attributes).toMatchObject({ type: 'text', value: '31/02/2026' })
  expect(inputs(renderPart(<DayControl id="d" name="d" label="Day" value="2026-02-28" />))[0]?.attributes.type).toBe(
    'date',
  )
})

it('never sends a password back', () => {
  expect(renderPart(<TextControl id="p" name="p" label="Password" kind="password" value="secret" />)).not.toContain(
    'secret',
  )
})

describe('a form', () => {
  const html = renderPart(
    <Form
      action="/x"
      csrf="t"
      version={3}
      submit="Save"
      mistakes={[{ field: 'a', text: 'Write a name.' }]}
      cancel={{ href: '/y' }}
    >
      <TextControl id="a" name="a" label="Name" required problem="Write a name." />
    </Form>,
  )

  it('carries the token and the version that was read', () => {
    const hidden = tagsOf(html).filter(({ attributes }) => attributes.type === 'hidden')
    expect(hidden.map(({ attributes }) => [attributes.name, attributes.value])).toEqual([
      ['csrf', 't'],
      ['version', '3'],
    ])
  })

  it('lists what is wrong, each leading to its field', () => {
    expect(html).toContain('<a href="#a">Write a name.</a>')
    expect(html).toContain('One thing needs your attention')
  })
})
