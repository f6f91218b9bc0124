/** The API description as a judge: every operation, and whether an answer is one that it describes. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export type Schema = { readonly [keyword: string]: unknown }
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}
type Header = { readonly required?: boolean }
type Response = {
  readonly headers?: Readonly<Record<string, Header>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}
export type Operation = {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly kind: string | undefined
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
  readonly bodyRequired: boolean
}
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}
export type Judge = {
  readonly operations: readonly Operation[]
  /** Follows references into the document. */
  readonly resolve: (schema: Schema) => Schema
  /** What the document does not say of an answer; nothing if it describes it. */
  readonly faultsOf: (operation: Operation, answer: Answer) => string[]
}

type Node = { [key: string]: unknown }

/** Headers that mean something to a program: whoever sends them says so. */
const meaningful = ['etag', 'link', 'location', 'change-set', 'retry-after', 'content-disposition', 'content-language']

export function judgeOf(text: string): Judge {
  const document = JSON.parse(text) as Node
  const at = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((node, step) => (node as Node)[step], document)
  const follow = <Target>(node: unknown): Target => {
    const { $ref } = node as { $ref?: string }
    return ($ref ? follow(at($ref)) : node) as Target
  }
  const closed = structuredClone(document)
  close((closed.components as Node).schemas, false)
  close(closed.paths, false)
  const ajv = new Ajv2020({ strict: false, validateFormats: true })
  addFormats.default(ajv)
  ajv.addSchema(closed, 'document')
  const validator = (pointer: string) => ajv.getSchema(`document#${pointer}`)

  const operations: Operation[] = []
  const responses = new Map<string, Record<string, Response>>()
  const pointers = new Map<string, string>()
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, Node>>))
    for (const [method, operation] of Object.entries(methods)) {
      const id = operation.operationId as string
      const body = operation.requestBody as { required?: boolean; content: Node } | undefined
      operations.push({
        id,
        method: method.toUpperCase() as Operation['method'],
        path,
        kind: (operation.tags as string[] | undefined)?.[0],
        parameters: operation.parameters as Parameter[],
        body: body ? ((body.content['application/json'] as Node).schema as Schema) : undefined,
        bodyRequired: body?.required ?? false,
      })
      const own: Record<string, Response> = {}
      for (const [status, response] of Object.entries(operation.responses as Record<string, Node>)) {
        own[status] = follow(response)
        const place = response.$ref as string | undefined
        pointers.set(`${id} ${status}`, place?.slice(1) ?? `/paths/${step(path)}/${method}/responses/${status}`)
      }
      responses.set(id, own)
    }

  const faultsOf = (operation: Operation, { status, headers, text: body }: Answer): string[] => {
    const described = responses.get(operation.id)![String(status)]
    if (!described) return [`status ${status} is not described: ${body.slice(0, 300)}`]
    const faults: string[] = []
    for (const [name, header] of Object.entries(described.headers ?? {}))
      if (follow<Header>(header).required && headers[name.toLowerCase()] === undefined)
        faults.push(`${status} lacks the header ${name}`)
    const named = new Set(Object.keys(described.headers ?? {}).map((name) => name.toLowerCase()))
    for (const name of meaningful)
      if (headers[name] !== undefined && !named.has(name))
        faults.push(`${status} has a header ${name} that is not described`)
    const type = String(headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
    if (!described.content) {
      if (body !== '') faults.push(`${status} has a body (${type}) that is not described`)
      return faults
    }
    if (!described.content[type])
      return [...faults, `${status} is sent as ${type || 'nothing'}, which is not described`]
    if (!/json/.test(type)) return faults
    let value: unknown
    try {
      value = JSON.parse(body)
    } catch {
      return [...faults, `${status} is no JSON`]
    }
    const check = validator(`${pointers.get(`${operation.id} ${status}`)}/content/${step(type)}/schema`)
    if (!check) throw new Error(`no schema for ${operation.id} ${status} ${type}`)
    if (!check(value)) {
      const [first] = check.errors!
      faults.push(
        `${status}: ${first!.instancePath.replaceAll(/\/\d+/g, '/0')} ${first!.message} ${JSON.stringify(first!.params).slice(0, 120)}`,
      )
    }
    return faults
  }
  return { operations, resolve: (schema) => follow<Schema>(schema), faultsOf }
}

/** A member that the description does not name is a mistake of one of the two, so objects with named members are closed. */
function close(node: unknown, isPart: boolean): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const each of node) close(each, isPart)
    return
  }
  const schema = node as Node
  const isObject = typeof schema.properties === 'object' && /object/.test(String(schema.type))
  if (isObject && schema.additionalProperties === undefined && !isPart) schema.additionalProperties = false
  for (const [name, each] of Object.entries(schema)) close(each, name === 'allOf')
}

const step = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
