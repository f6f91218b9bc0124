/** What every field type refuses, wherever it arrives, and what a list understands of its values. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldNames, thing } from '#test/kit/every-type.ts'
import { type EveryTypeHouse, openEveryTypeHouse } from '#test/kit/every-type-house.ts'
import { formIn } from '#test/kit/pages.ts'

let house: EveryTypeHouse
beforeAll(async () => {
  house = await openEveryTypeHouse()
})
afterAll(() => house?.close())

const json = (address: string) => house.browser.get(address, { accept: 'application/json' })
const asked = (question: string) => question.replaceAll('[', '%5B').replaceAll(']', '%5D')

test.each([
  ['phone', '00 47 22 11-33-44', '+4722113344'],
  ['email', 'Office@CITY.example', 'Office@city.example'],
  ['instant', '2026-03-29T02:30:00+02:00', '2026-03-29T00:30:00.000Z'],
])('a %s is found by any spelling of it', async (type, asked, kept) => {
  const name = fieldNames[type]!
  const { id } = await house.make({ [name]: asked })
  expect((await house.stored(id))[name]).toBe(kept)
  const path = `/api/v1/trial/things?${name}%5Beq%5D=${encodeURIComponent(asked)}&sort=-createdAt`
  const { items } = JSON.parse((await house.browser.get(path, { accept: 'application/json' })).text)
  expect(items.map((item: { id: string }) => item.id)).toContain(id)
})

describe('bad values', () => {
  test.each<[string, unknown, string]>([
    ['money', { amount: '3' }, '/moneyField/currency'],
    ['money', { amount: '3', currency: 'XXY' }, '/moneyField/currency'],
    ['span', { from: '2026-02-01', to: '2026-01-01' }, '/spanField/to'],
    ['span', { from: '2026-02-30', to: '2026-03-01' }, '/spanField/from'],
    ['instant', '2026-03-29T02:30', '/instantField'],
    ['duration', 'P', '/durationField'],
    ['quantity', { value: '3', unit: 'm 2' }, '/quantityField/unit'],
    ['email', 'somebody', '/emailField'],
    ['phone', 'call me', '/phoneField'],
    ['geometry', { type: 'Point', coordinates: [200, 10] }, '/geometryField/coordinates'],
    [
      'geometry',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 2],
            [0, 0],
          ],
        ],
      },
      '/geometryField/coordinates',
    ],
    ['code', 'ZZZ', '/codeField'],
    ['refAny', '01890000-0000-7000-8000-000000000000', '/refAnyField'],
  ])('%s %j is refused where it stands', async (type, value, at) => {
    const problem = await house
      .writing([{ kind: thing.kind, action: 'create', values: { title: 'x', [fieldNames[type]!]: value } }])
      .catch((error) => error)
    expect(problem.fields?.map((each: { at: string }) => each.at)).toEqual([at])
  })

  test('an hour that comes twice is asked, one that never comes is refused', async () => {
    const { id, code } = await house.make({})
    const zone = house.app.city().timeZone
    expect(zone).toBe('Europe/Paris')
    const post = async (fields: Record<string, string>) => {
      const address = `/trial/things/${code}/edit`
      const form = formIn((await house.browser.get(address)).text, address)
      const flat = Object.fromEntries(Object.entries(form).map(([key, values]) => [key, values.at(-1)!]))
      return house.browser.post(address, { ...flat, ...fields })
    }
    house.browser.cookies.set('language', 'en')
    const twice = await post({ instantField: '2026-10-25T02:30' })
    expect(twice.status).toBe(422)
    expect(twice.text).toContain('This hour comes twice on that day')
    expect(twice.text).toContain('name="instantField.which"')
    expect((await post({ instantField: '2026-10-25T02:30', 'instantField.which': '1' })).status).toBe(303)
    expect((await house.stored(id)).instantField).toBe('2026-10-25T01:30:00.000Z')
    expect((await post({ instantField: '2026-03-29T02:30' })).text).toContain('jump over this time')
  })
})

describe('a list', () => {
  test.each([
    'moneyField.currency=abc',
    'moneyField.currency=eur',
    'moneyField.priceYear=9999999999',
    'wholeField=9999999999',
    'durationField=soon',
    'emailField=somebody',
    'phoneField=call me',
    'geometryField=0,10,1,-10',
    'geometryField=0,0,999,1',
    'instantField[lt]=0000-01-01',
  ])('refuses ?%s, over the interface and on its page, instead of being empty', async (question) => {
    expect((await json(`/api/v1/trial/things?${asked(question)}`)).status).toBe(422)
    expect((await house.browser.get(`/trial/things?${asked(question)}`)).status).toBe(422)
  })
})

test('what points to a record that nobody may read names it to nobody', async () => {
  const { id: secret } = await house.make({ title: 'Hidden' })
  await house.writing([{ kind: thing.kind, action: 'change', id: secret, values: { audience: 'restricted' } }])
  const values = { refAnyField: secret, refField: house.body, refsField: [house.body] }
  const { id } = await house.make(values, { rows: { part: { set: [{ name: 'first', ...values }] } } })
  expect(
    (
      await house.browser.request('POST', `/api/v1/trial/things/${id}/publish`, {
        headers: { accept: 'application/json', 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        payload: '{}',
      })
    ).status,
  ).toBe(200)
  const nobody = house.anybody()
  for (const address of ['', `/${id}`, `/${id}?language=en`, `/${id}/part`, '?fields=refAnyField', '?language=en']) {
    const { status, text } = await nobody.get(`/api/v1/trial/things${address}`, { accept: 'application/json' })
    expect([address, status, text.includes(secret)]).toEqual([address, 200, false])
  }
  const seen = JSON.parse((await nobody.get(`/api/v1/trial/things/${id}`, { accept: 'application/json' })).text)
  expect(seen).toMatchObject({ refAnyField: null, refField: house.body, refsField: [house.body] })
  const signedIn = JSON.parse((await json(`/api/v1/trial/things/${id}`)).text)
  expect(signedIn.refAnyField).toBe(secret)
})
