/** Files beside the interface: lists, plans and rows as tables, workbooks and documents; their addresses are pages. */
import type { Say } from '#kernel/words.ts'
import type { Format } from '../content/index.ts'
import { problemsOf, withHeaders } from './openapi-responses.ts'
import type { KnownRoute } from './routes.ts'

type Part = Record<string, unknown>

const text = { type: 'string' }
const csv = 'text/csv'
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Does the address answer with a file of the city's content? */
export const isFile = ({ method, path }: KnownRoute): boolean =>
  method === 'GET' && /\/(download\/:format|list\.:format|table\.csv|measurements\.(csv|json))$/.test(path)

const essence = (mediaType: string) => mediaType.split(';')[0]!.trim()

/** The format of the address and the media types of what comes. */
function offeredAt(path: string, formats: readonly Format[]): { names: string[]; types: string[] } {
  if (path.endsWith('.csv')) return { names: [], types: [csv] }
  if (path.endsWith('.json')) return { names: [], types: ['application/json'] }
  if (path.endsWith('/list.:format')) return { names: ['csv', 'xlsx'], types: [csv, xlsx] }
  const scope = path.endsWith(':key/download/:format') ? 'plan' : 'list'
  const offered = formats.filter((each) => each.holds.includes(scope))
  const typeOf = ({ mediaType, packed }: Format) => (packed?.scopes.includes(scope) ? packed.mediaType : mediaType)
  return { names: offered.map(({ name }) => name), types: offered.map((each) => essence(typeOf(each))) }
}

/** The operation of such an address; it takes the filters of its list, which are those of the page. */
export function fileOperation(route: KnownRoute, formats: readonly Format[], say: Say): Part {
  const { names, types } = offeredAt(route.path, formats)
  const path = [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'format' ? { type: 'string', enum: names } : text,
  }))
  const content = Object.fromEntries(
    types.map((type) => [
      type,
      { schema: /json/.test(type) ? { type: 'object' } : { type: 'string', format: 'binary' } },
    ]),
  )
  return {
    operationId: `file${route.path.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => (next ?? '').toUpperCase())}`,
    summary: say('api.file', { address: route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}') }),
    ...(route.policy === 'anyone' ? {} : { security: [{ session: [] }] }),
    parameters: path,
    responses: {
      '200': { description: say('api.ok'), headers: withHeaders('content-disposition!'), content },
      '303': { description: say('api.elsewhere'), headers: withHeaders('location!', 'content-language') },
      ...problemsOf({ ...route, policy: 'signed in' }, { ifMatch: 'never', pages: true }),
      default: {
        description: say('api.problem'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
      },
    },
  }
}
