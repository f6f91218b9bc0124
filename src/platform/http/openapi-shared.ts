/** Schemas that all kinds share: problems, names, traces, history, results. */
import { audiences } from '#kernel/record.ts'

type Schema = Record<string, unknown>

const uuid = { type: 'string', format: 'uuid' }
const text = { type: 'string' }
const whole = { type: 'integer' }
const instant = { type: 'string', format: 'date-time' }
const textOrNull = { type: ['string', 'null'] }
const idOrNull = { type: ['string', 'null'], format: 'uuid' }

/** An object with exactly these members, all of them there but those marked. */
const object = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

const title = { anyOf: [{ type: 'object', additionalProperties: text }, text] }
const named = { id: uuid, kind: text, code: text, title, state: text, organisation: idOrNull }
const weight = { weight: textOrNull }
const values = { type: ['object', 'null'] }
const externalId = object({ source: text, id: text })

const history = object(
  {
    v: whole,
    ...{ id: uuid, changeSet: uuid, record: uuid, kind: text, action: text, code: text, version: whole },
    ...{ before: values, after: values },
    links: {
      type: 'array',
      items: object({
        ...{ id: uuid, name: text, to: uuid },
        before: { anyOf: [object(weight), { type: 'null' }] },
        after: { anyOf: [object(weight), { type: 'null' }] },
      }),
    },
    externalIds: object({
      added: { type: 'array', items: externalId },
      removed: { type: 'array', items: externalId },
    }),
    rows: {
      type: 'object',
      additionalProperties: {
        type: 'array',
        items: object({ id: uuid, key: { type: 'object' }, before: values, after: values }),
      },
    },
    publicFrom: text,
    ...{ at: instant, account: idOrNull, why: textOrNull, source: text, undoOf: idOrNull },
    position: { type: ['integer', 'null'] },
  },
  ['links', 'externalIds', 'rows', 'publicFrom'],
)

const changeSet = object({
  ...{ id: uuid, at: instant, account: idOrNull, why: textOrNull, source: text, undoOf: idOrNull, undoneBy: idOrNull },
  records: { type: 'array', items: object({ record: uuid, kind: text, code: text, action: text }) },
  next: idOrNull,
})

const conflict = object({
  ...{ record: uuid, code: text, field: text, reason: textOrNull, changeSet: idOrNull },
  ...{ at: { ...instant, type: ['string', 'null'] }, account: idOrNull },
})

const errors = {
  type: 'array',
  items: object({ pointer: text, code: text, detail: text }),
}

/** Component schemas by name. */
export const shared: Record<string, Schema> = {
  problem: {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'status', 'detail', 'instance', 'reason', 'request'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: text,
      status: whole,
      detail: text,
      instance: { type: 'string', format: 'uri-reference' },
      reason: text,
      request: text,
      errors,
      // A stale version comes with the record as it is now and what was attempted, an undo with what stands against it.
      current: { type: 'object' },
      attempted: { type: 'object' },
      conflicts: { type: 'array', items: conflict },
    },
    additionalProperties: true,
  },
  link: object({ to: uuid }),
  'weighted-link': object({ to: uuid, ...weight }),
  'external-id': externalId,
  audience: { type: 'string', enum: [...audiences] },
  // What is left to say to somebody who may no longer read what they have written.
  unseen: object({ id: uuid, kind: text }),
  publication: object({ id: uuid, kind: text, publicFrom: text }),
  hit: object({ ...named, rank: { type: 'number' } }),
  trace: object({
    nodes: { type: 'array', items: object({ ...named, depth: whole }) },
    edges: { type: 'array', items: object({ name: text, from: uuid, to: uuid, ...weight }) },
    truncated: { type: 'boolean' },
  }),
  'history-entry': history,
  'change-set': changeSet,
  'undo-result': object({ changeSet: idOrNull, undone: whole, conflicts: { type: 'array', items: conflict } }),
  'seal-head': object({ position: whole, hash: text, sealedAt: instant }),
  'bulk-result': object({
    changeSet: idOrNull,
    ...{ created: whole, changed: whole, unchanged: whole, rejected: whole },
    items: {
      type: 'array',
      items: object(
        {
          result: { type: 'string', enum: ['created', 'changed', 'unchanged', 'rejected'] },
          ...{ id: uuid, code: text, version: whole },
          problem: object({ status: whole, reason: text, detail: text, errors }, ['errors']),
        },
        ['id', 'code', 'version', 'problem'],
      ),
    },
  }),
}
