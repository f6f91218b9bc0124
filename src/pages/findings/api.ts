/** `GET /api/v1/findings`: what waits, for whom, and whether the caller may end it. */
import { invalid } from '#kernel/problem.ts'
import type { Finding } from '#platform/finding.ts'
import { listFindings } from '#platform/findings/index.ts'
import { contextOf, querySchema } from '#platform/http/index.ts'
import type { Routes } from '#platform/module.ts'
import { itemsOf, sentenceOf } from './items.ts'

const text = { type: 'string' }
const id = { type: 'string', format: 'uuid' }
const orNull = (schema: Record<string, unknown>) => ({ ...schema, type: [schema.type, 'null'] })
const instant = { type: 'string', format: 'date-time' }

const item = {
  type: 'object',
  properties: {
    id,
    finding: text,
    record: { type: 'object', properties: { id, kind: text, code: text, title: { type: 'object' } } },
    with: { type: 'array', items: id },
    sentence: text,
    waitsFor: {
      type: 'object',
      properties: { post: orNull(id), vacant: { type: 'boolean' }, organisation: orNull(id) },
    },
    yours: { type: 'boolean' },
    act: { type: ['object', 'null'], properties: { href: text, label: text } },
    presses: { type: 'integer' },
    since: { type: 'string', format: 'date' },
    stake: { type: ['object', 'null'] },
    firstSeenAt: instant,
    escalatedAt: orNull(instant),
    escalatedTo: orNull(id),
    closedAt: orNull(instant),
    closedBy: orNull(id),
  },
}

const flag = { type: 'string', enum: ['true', 'false'] }

/** The endpoint over the findings of all rooms. */
export const findingRoutes =
  (findings: readonly Finding[]): Routes =>
  (server) => {
    const querystring = querySchema({
      finding: { type: 'string', maxLength: 1000 },
      record: { type: 'string', pattern: '^[0-9a-f-]{36}$' },
      mine: flag,
      closed: flag,
      after: { type: 'string', pattern: '^[0-9a-f-]{36}$' },
      limit: { type: 'integer', minimum: 1, maximum: 200 },
      language: { type: 'string', maxLength: 40 },
    })
    const response = {
      '200': {
        type: 'object',
        required: ['items', 'next'],
        properties: { items: { type: 'array', items: item }, next: { type: ['string', 'null'] } },
      },
    }
    server.get(
      '/api/v1/findings',
      { config: { policy: 'signed in', does: 'findings' }, schema: { querystring, response } as never },
      async (request) => {
        const ctx = contextOf(request)
        const { finding, record, mine, closed, after, limit } = request.query as Record<string, string | undefined> & {
          limit?: number
        }
        const asked = finding?.split(',')
        for (const key of asked ?? [])
          if (!findings.some((each) => each.key === key))
            throw invalid('http.bad-query', [{ at: '/finding', code: 'finding.unknown', values: { name: key } }])
        const page = await listFindings(
          ctx,
          findings,
          {
            ...(asked ? { findings: asked } : {}),
            ...(record ? { record } : {}),
            mine: mine === 'true',
            closed: closed === 'true',
          },
          { ...(after ? { after } : {}), ...(limit ? { limit } : {}) },
        )
        const shown = new Map((await itemsOf(ctx, findings, page.rows)).map((each) => [each.key, each]))
        return {
          items: page.rows.map((row) => {
            const act = shown.get(row.id)?.act ?? null
            return {
              id: row.id,
              finding: row.finding,
              record: { id: row.record, kind: row.kind, code: row.code, title: row.title },
              with: row.with,
              sentence: sentenceOf(ctx, row),
              waitsFor: { post: row.post, vacant: row.vacant, organisation: row.organisation },
              yours: act !== null,
              act,
              presses: row.presses,
              since: row.since,
              stake: row.stake,
              firstSeenAt: row.firstSeenAt,
              escalatedAt: row.escalatedAt,
              escalatedTo: row.escalatedTo,
              closedAt: row.closedAt,
              closedBy: row.closedBy,
            }
          }),
          next: page.next,
        }
      },
    )
  }
