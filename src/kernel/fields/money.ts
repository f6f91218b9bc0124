import { currencies, termsOf } from './code.ts'
import { declareType, equal, type Field, type FieldOptions, ordered, plainText } from './field.ts'
import { decimalPattern } from './number.ts'

/** An amount in a currency (ISO 4217), and its price-base year. Amounts with different price bases are never added. */
export type Money = {
  /** Exact; absent where the field is `open` and the amount is not known yet. */
  readonly amount?: string
  readonly currency: string
  /** Absent: current prices, as on an invoice. */
  readonly priceYear?: number
}

/** Money. `open`: currency and price base may be stated before the amount is known. */
export const money = (options: FieldOptions & { open?: boolean } = {}): Field<Money> => ({ type: 'money', ...options })

declareType({
  type: 'money',
  options: ['open'],
  columns: () => [
    { suffix: '', sql: 'numeric' },
    { suffix: 'Currency', sql: 'text' },
    { suffix: 'PriceYear', sql: 'integer' },
  ],
  stored: (value) => {
    const { amount = null, currency, priceYear = null } = value as Money
    return { '': amount, Currency: currency, PriceYear: priceYear }
  },
  selected: (column) =>
    `case when ${column('Currency')} is not null then jsonb_strip_nulls(jsonb_build_object('amount', ${column()}::text, 'currency', ${column('Currency')}, 'priceYear', ${column('PriceYear')})) end`,
  schema: (field) => ({
    type: 'object',
    additionalProperties: false,
    required: field.open ? ['currency'] : ['amount', 'currency'],
    properties: {
      amount: { type: 'string', pattern: decimalPattern, maxLength: 48 },
      currency: { type: 'string', enum: [...termsOf(currencies).terms] },
      priceYear: { type: 'integer', minimum: 1900, maximum: 2200 },
    },
  }),
  compared: () => ({
    '': { suffix: '', as: 'decimal', comparisons: ordered, sorts: true },
    currency: {
      suffix: 'Currency',
      as: 'text',
      comparisons: equal,
      several: true,
      choices: termsOf(currencies).terms,
    },
    priceYear: { suffix: 'PriceYear', as: 'whole', comparisons: ordered },
  }),
  parts: () => [
    { name: '', called: 'amount', holds: 'number' },
    { name: 'currency', holds: 'text' },
    { name: 'priceYear', holds: 'number' },
  ],
  split: (value) => {
    const { amount = '', currency = '', priceYear = '' } = (value ?? {}) as Partial<Money>
    return { '': amount, currency, priceYear: String(priceYear) }
  },
  join: (parts) => {
    const amount = plainText(parts[''])
    const currency = plainText(parts.currency).toUpperCase()
    const priceYear = plainText(parts.priceYear)
    if (amount === '' && currency === '' && priceYear === '') return { value: null }
    return {
      value: {
        ...(amount === '' ? {} : { amount }),
        ...(currency === '' ? {} : { currency }),
        ...(priceYear === '' ? {} : { priceYear: /^\d{1,9}$/.test(priceYear) ? Number(priceYear) : priceYear }),
      },
    }
  },
  normal: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== ''))
  },
  shown: (value, reader) => {
    const { amount, currency, priceYear } = value as Money
    const inPrices = (text: string) =>
      priceYear === undefined ? text : reader.say('record.value.in-prices', { amount: text, year: String(priceYear) })
    if (amount === undefined)
      return { as: 'text', text: reader.say('record.value.money-open', { currency: inPrices(currency) }) }
    return { as: 'text', text: inPrices(reader.number(amount, { kind: 'money', currency })) }
  },
  example: () => ({ amount: '1500000', currency: 'EUR', priceYear: 2026 }),
  linkedData: () => ({ '@type': '@json' }),
})
