/**
 * Schemas of the API description: what every kind reads and writes, with an example, and the shapes all kinds share.
 */

import { fieldType } from '#kernel/fields/types.ts'
import { nullable, rowSchema, writeSchema } from '#kernel/projections/parser.ts'
import { readSchema } from '#kernel/projections/reference.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { Say } from '#kernel/words.ts'
import { bulkLimit } from './bulk.ts'
import { shared } from './openapi-shared.ts'
import { localizedNames } from './record-read.ts'

type Schema = Record<string, unknown>

const uuid = { type: 'string', format: 'uuid' }
const text = { type: 'string' }

export const schemaName = {
  read: (kind: string) => kind,
  /** As a list shows it: only what was asked for, and nothing around the record. */
  item: (kind: string) => `${kind}.item`,
  create: (kind: string) => `${kind}.create`,
  change: (kind: string) => `${kind}.change`,
  bulk: (kind: string) => `${kind}.bulk`,
  rows: (kind: string, rows: string) => `${kind}.rows.${rows}`,
  /** A row as it is read. */
  row: (kind: string, rows: string) => `${kind}.row.${rows}`,
}
export const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** All component schemas by name. */
export function schemasOf(kinds: readonly KnownKind[], say: Say): Record<string, Schema> {
  const schemas: Record<string, Schema> = {
    ...shared,
    'any-record': { anyOf: kinds.map(({ declaration }) => reference(schemaName.read(declaration.kind))) },
  }
  for (const known of kinds) {
    const { declaration } = known
    const { kind } = declaration
    const read = readOf(declaration)
    schemas[schemaName.read(kind)] = labelled(declaration, read, say)
    schemas[schemaName.item(kind)] = itemOf(read)
    schemas[schemaName.create(kind)] = {
      ...labelled(declaration, createOf(declaration), say),
      examples: [exampleOf(declaration, say)],
    }
    schemas[schemaName.change(kind)] = labelled(declaration, writeSchema(declaration, 'change'), say)
    schemas[schemaName.bulk(kind)] = bulkOf(known)
    for (const [name, rows] of Object.entries(declaration.rows)) {
      schemas[schemaName.row(kind, name)] = readRow(rows.fields)
      schemas[schemaName.rows(kind, name)] = {
        ...rowSchema(rows.fields),
        description: `${say(`${kind}.rows.${name}`)} · ${rows.key.join(', ')}`,
      }
    }
  }
  return schemas
}

function labelled(kind: RecordKind, schema: Schema, say: Say): Schema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties as Record<string, Schema>).map(([name, each]) => {
      const field = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined
      const label = field ? say(`${kind.kind}.field.${name}`) : say(`record.field.${name}`)
      const source = field?.source ? ` (${field.source})` : ''
      return [name, { ...each, ...(name === 'rows' ? {} : { description: `${label}${source}` }) }]
    }),
  )
  const source = kind.source ? ` (${kind.source})` : ''
  return { ...schema, properties, description: `${say(`${kind.kind}.meaning`)}${source}` }
}

function readOf(kind: RecordKind): Schema {
  const schema = readSchema(kind)
  const links = Object.entries(kind.links).map(([name, link]): [string, Schema] => [
    name,
    { type: 'array', items: reference(link.weighted ? 'weighted-link' : 'link') },
  ])
  const properties = schema.properties as Record<string, Schema>
  const plain = Object.fromEntries(
    localizedNames(kind).map((name): [string, Schema] => [name, { anyOf: [properties[name], text] }]),
  )
  return {
    ...schema,
    additionalProperties: false,
    properties: {
      ...properties,
      // With `?language=` texts by language are plain texts, and `languages` says which language each is in.
      ...plain,
      languages: { type: 'object', additionalProperties: text },
      retiredAt: nullable({ type: 'string', format: 'date-time' }),
      links: { type: 'object', additionalProperties: false, properties: Object.fromEntries(links) },
      externalIds: { type: 'array', items: reference('external-id') },
    },
  }
}

/** `?fields=` leaves out what it does not name; links and external ids are of the single record. */
function itemOf(read: Schema): Schema {
  const ofOne = ['links', 'externalIds']
  const members = Object.entries(read.properties as Record<string, Schema>).filter(([name]) => !ofOne.includes(name))
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(members) }
}

/** A row as it is read: what was not given, or what the reader may not know, is null. */
function readRow(fields: RecordKind['rows'][string]['fields']): Schema {
  const { properties } = rowSchema(fields) as { properties: Record<string, Schema> }
  const nullables = Object.entries(properties).map(([name, each]): [string, Schema] => [name, orNull(each)])
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    properties: Object.fromEntries(nullables),
  }
}

const orNull = (schema: Schema): Schema =>
  schema.type === undefined || Array.isArray(schema.type) ? schema : nullable(schema)

function createOf(kind: RecordKind): Schema {
  const schema = writeSchema(kind, 'create')
  const rows = Object.keys(kind.rows).map((name): [string, Schema] => [name, rowChanges(kind.kind, name)])
  return {
    ...schema,
    properties: {
      ...(schema.properties as Record<string, Schema>),
      state: { type: 'string', enum: [...kind.states] },
      ...(rows.length > 0 ? { rows: { type: 'object', properties: Object.fromEntries(rows) } } : {}),
    },
  }
}

/** A list sets rows by their keys; an object can also remove some. */
export function rowChanges(kind: string, name: string): Schema {
  const list = { type: 'array', items: reference(schemaName.rows(kind, name)) }
  const removed = { type: 'array', items: { type: 'object' } }
  return { oneOf: [list, { type: 'object', properties: { set: list, remove: removed, why: text } }] }
}

function bulkOf({ declaration, verbs }: KnownKind): Schema {
  const { kind } = declaration
  const actions = ['create', 'change', 'retire', 'restore', ...verbs.map((verb) => verb.name)]
  const rows = Object.keys(declaration.rows).map((name): [string, Schema] => [name, rowChanges(kind, name)])
  const item = {
    type: 'object',
    additionalProperties: false,
    properties: {
      id: uuid,
      externalId: reference('external-id'),
      version: { type: 'integer' },
      action: { type: 'string', enum: actions },
      values: reference(schemaName.change(kind)),
      ...(rows.length > 0 ? { rows: { type: 'object', properties: Object.fromEntries(rows) } } : {}),
    },
  }
  return {
    type: 'object',
    required: ['items'],
    additionalProperties: false,
    properties: {
      items: { type: 'array', minItems: 1, maxItems: bulkLimit, items: item },
      atomic: { type: 'boolean', default: true },
      why: text,
    },
  }
}

/** A record with everything always required, named in the words of its kind. */
export function exampleOf(kind: RecordKind, say: Say): Schema {
  const first = kind.states[0]
  const needed = Object.entries(kind.fields).filter(([, field]) => field.required || field.requiredFrom === first)
  return {
    title: kind.title.localized ? { en: say(kind.kind) } : { und: say(kind.kind) },
    ...(kind.organisation.requiredFrom === first ? { organisation: anId } : {}),
    ...(kind.owner.requiredFrom === first ? { owner: anId } : {}),
    ...Object.fromEntries(needed.map(([name, field]) => [name, fieldType(field.type).example(field)])),
  }
}

const anId = '0197a000-0000-7000-8000-000000000000'
