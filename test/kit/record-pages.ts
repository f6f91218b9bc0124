/** What tests of record pages look up beside the pages themselves. */
import { formIn, type Reader, type TestWeb, textOf } from './pages.ts'

/** The list of mistakes at the top of a form, as text. */
export const mistakesIn = (html: string) => {
  const start = html.indexOf('id="mistakes"')
  return start < 0 ? '' : textOf(html.slice(start, html.indexOf('</ul>', start)))
}
/** The code at the end of the address a form leads to. */
export const made = (to: string | undefined) => to?.split('/').at(-1) ?? ''

/** Questions to the database under the pages, and an objective made through its form. */
export function beside(web: () => TestWeb, admin: () => Reader) {
  const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await web().app.database.pool.query(text, values)).rows as Row[]
  const codeOf = async (kind: string, where = 'true') =>
    (
      await rows<{ code: string }>(
        `select code from records.record where kind = $1 and "retiredAt" is null and ${where} order by code limit 1`,
        [kind],
      )
    )[0]!.code
  const recordOf = async (code: string) =>
    (
      await rows<{
        id: string
        title: Record<string, string>
        state: string
        audience: string
        version: number
        retiredAt: string | null
      }>('select * from records.record where code = $1', [code])
    )[0]!
  const newObjective = async (title: string) => {
    const form = formIn((await admin().get('/strategy/objectives/new')).html, '/strategy/objectives/new')
    const { to } = await admin().post('/strategy/objectives/new', { ...form, 'title.en': title, level: '1' })
    return made(to)
  }
  return { rows, codeOf, recordOf, newObjective }
}
