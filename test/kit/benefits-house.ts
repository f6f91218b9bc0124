/** A house with a body, four posts that are held, and benefits that are easily made: for the tests of the room benefits. */
import { sql } from 'kysely'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type AppContext, noExchange, type PageRequest } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { subscribers } from '../../src/main/app.ts'
import { type Benefit, currentBenefits } from '../../src/modules/benefits/queries-register.ts'
import { openCore, sample, someone } from './core.ts'

type Post = 'owner' | 'project' | 'service' | 'treasurer'

/** The day on which everything is looked at. */
export const today = '2026-06-01'
/** What the receiving post signs. */
export const signing = { measurementBudget: '2000', trackUntil: '2028-12-31' }

export const request = (key: string, form: Record<string, string | string[]> = {}): PageRequest => ({
  ...{ params: { key }, query: {}, form, files: {}, path: '', address: '', userAgent: '', cookies: {} },
})

export async function openBenefitsHouse() {
  const core = await openCore()
  const body = await core.make('directory.organisation', sample.organisation('Streets'))
  const posts: Record<Post, string> = {} as never
  for (const name of ['owner', 'project', 'service', 'treasurer'] as const) {
    const person = await core.make('directory.person', { title: name, organisation: body })
    posts[name] = await core.make(
      'directory.post',
      { title: `Post of ${name}`, organisation: body },
      { rows: { holding: { set: [{ person, from: '2020-01-01', to: null }] } } },
    )
  }
  const asApp = (caller: Caller = systemCaller): AppContext => ({
    ...core.as(caller),
    now: () => new Date(`${today}T12:00:00Z`),
    database: core.database,
    city: { name: { en: 'City' }, timeZone: 'UTC', language: 'en', demo: false },
    exchange: noExchange,
    figures: [],
    people: noPeople,
    send: async () => null,
  })
  const holding = (...names: Post[]) => names.map((name) => posts[name])
  const cash = (more: Record<string, unknown> = {}) => ({
    title: 'Lighting needs less power',
    effect: 'gain',
    benefitType: 'cash-releasing',
    recurrence: 'recurring',
    worth: { amount: '100000', currency: 'EUR', priceYear: 2024 },
    startOn: '2024-01-01',
    dueOn: '2025-12-31',
    counterfactual: { en: 'The old lamps' },
    organisation: body,
    owner: posts.owner,
    deliveredBy: posts.project,
    receivingPost: posts.service,
    ...more,
  })
  const line = { budgetCode: '41.2', year: 2024, amount: '100000' }
  return {
    ...{ core, body, posts, asApp, holding, cash },
    /** Seals what was changed and brings what is derived up to date, as the worker does. */
    settle: () => catchUp(asApp(), core.database, subscribers()),
    owner: () => someone({ posts: holding('owner'), grants: [{ role: 'owner', organisations: [body] }] }),
    service: () => someone({ posts: holding('service') }),
    finance: (...names: Post[]) =>
      someone({ posts: holding(...names), grants: [{ role: 'finance', organisations: null }] }),
    agreed: (more: Record<string, unknown> = {}, rows = {}) =>
      core.make('benefits.benefit', cash(more), { state: 'agreed', rows: { budget: { set: [line] }, ...rows } }),
    act: (id: string, action: string, caller: Caller, values?: Record<string, unknown>) =>
      core.write([{ kind: 'benefits.benefit', id, action, ...(values ? { values } : {}) }], caller),
    recordOf: async (id: string, caller?: Caller) =>
      (await currentBenefits(asApp(caller), sql`r.id = ${id}`))[0]!.record as Benefit,
  }
}
