import { targetKinds } from '../fields/reference.ts'
import { idSchema, type JsonSchema, localizedSchema } from '../fields/schema.ts'
import { fieldType } from '../fields/types.ts'
import { audiences, type RecordKind } from '../record.ts'
import { addressOf } from './endpoints.ts'
import { nullable, rowSchema, schemaOfField } from './parser.ts'

/** JSON Schema of a record as the API shows it. */
export function readSchema(kind: RecordKind): JsonSchema {
  const instant = { type: 'string', format: 'date-time' }
  return {
    type: 'object',
    title: kind.kind,
    ...(kind.source ? { description: kind.source } : {}),
    required: ['id', 'kind', 'code', 'title', 'state', 'audience', 'version'],
    properties: {
      id: idSchema,
      kind: { type: 'string', const: kind.kind },
      code: { type: 'string' },
      title: kind.title.localized ? localizedSchema(kind.title.max) : { type: 'object' },
      state: { type: 'string', enum: [...kind.states] },
      organisation: nullable(idSchema),
      owner: nullable(idSchema),
      audience: { type: 'string', enum: [...audiences] },
      version: { type: 'integer' },
      createdAt: instant,
      changedAt: instant,
      ...Object.fromEntries(
        Object.entries(kind.fields).map(([name, field]) => [
          name,
          { ...nullable(schemaOfField(field)), ...(field.source ? { description: field.source } : {}) },
        ]),
      ),
      links: { type: 'object' },
      externalIds: { type: 'array', items: { type: 'object' } },
    },
  }
}

/** JSON-LD context of the application, served at `/ns/v1`: every kind and property has a permanent name. */
export function jsonLdContext(kinds: readonly RecordKind[], base: string): Record<string, unknown> {
  const context: Record<string, unknown> = {
    '@version': 1.1,
    '@vocab': `${base}#`,
    id: '@id',
    kind: '@type',
    title: { '@id': 'http://purl.org/dc/terms/title', '@container': '@language' },
    ...Object.fromEntries(
      ['organisation', 'owner', 'record', 'linkedTo'].map((name) => [
        name,
        { '@id': `${base}#${name}`, '@type': '@id' },
      ]),
    ),
  }
  for (const kind of kinds) {
    context[kind.kind] = `${base}#${kind.kind}`
    for (const [name, field] of Object.entries(kind.fields)) {
      const members = fieldType(field.type).linkedData?.(field) ?? {}
      if (Object.keys(members).length > 0) context[name] ??= { '@id': `${base}#${name}`, ...members }
    }
    for (const [name, link] of Object.entries(kind.links)) {
      context[name] = { '@id': `${base}#${name}`, '@type': '@id' }
      context[link.back] = { '@reverse': `${base}#${name}` }
    }
  }
  return { '@context': context }
}

const pointing = (field: RecordKind['fields'][string]): string => {
  const kinds = targetKinds(field)
  return kinds.length === 0
    ? ''
    : kinds === 'any'
      ? ' → any kind'
      : ` → ${kinds.map((kind) => `\`${kind}\``).join(', ')}`
}

/** Reference page of a kind in Markdown, from the declaration and the words. */
export function referencePage(kind: RecordKind, say: (key: string) => string): string {
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const lines = [
    `# ${say(kind.kind)} (\`${kind.kind}\`)`,
    '',
    say(`${kind.kind}.meaning`),
    '',
    `Number: \`${kind.code}-0001\` · address: \`${addressOf(kind)}\`${kind.source ? ` · source: ${kind.source}` : ''}`,
    '',
    `States: ${kind.states.map((state) => say(`${kind.kind}.state.${state}`)).join(' → ')}${kind.owner.requiredFrom ? ` · needs an owner from "${say(`${kind.kind}.state.${kind.owner.requiredFrom}`)}"` : ''}`,
    '',
    row(['Field', 'Name', 'Type', 'Needed', 'Source']),
    row(['---', '---', '---', '---', '---']),
    ...Object.entries(kind.fields).map(([name, field]) =>
      row([
        say(`${kind.kind}.field.${name}`),
        `\`${name}\``,
        `${field.type}${field.localized ? ', by language' : ''}${pointing(field)}${field.of ? `: ${field.of.map((each) => `\`${each}\``).join(' ')}` : ''}`,
        field.required ? 'always' : field.requiredFrom ? `from ${field.requiredFrom}` : '',
        field.source ?? '',
      ]),
    ),
  ]
  for (const [name, each] of Object.entries(kind.links))
    lines.push(
      '',
      `Link \`${name}\`: ${say(`${kind.kind}.link.${name}`)} → ${each.to.map((to) => `\`${to}\``).join(', ')} (read back: ${say(`${kind.kind}.link.${name}.back`)}; towards the ${each.towards}${each.weighted ? '; weighted' : ''})`,
    )
  for (const [name, each] of Object.entries(kind.rows))
    lines.push(
      '',
      `Rows \`${name}\`: ${say(`${kind.kind}.rows.${name}`)}; one per ${each.key.map((key) => `\`${key}\``).join(', ')}; ${Object.keys(
        rowSchema(each.fields).properties as object,
      )
        .map((key) => `\`${key}\``)
        .join(', ')}`,
    )
  return `${lines.join('\n')}\n`
}
