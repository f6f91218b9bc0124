/** The templates: what each column holds, in the reader's language, and the files themselves. */
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { notFound } from '#kernel/problem.ts'
import { presenterOf } from '#pages/presenter.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type AllOffers, mayImport } from '#platform/imports/index.ts'
import { type PageDefinition, page } from '#platform/page.ts'
import { writeWorkbook } from '#platform/workbook/index.ts'
import { templateSheets, templateWorkbook } from './queries-template.ts'
import { type TemplateData, templateView } from './views/template.tsx'

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const tablesOf = ({ subjects }: AllOffers) => subjects.flatMap(({ templates }) => templates)

const templatePage = (offers: AllOffers) =>
  page<TemplateData>({
    path: '/import/template',
    policy: 'anyone',
    section: 'results',
    load: async (ctx) => {
      const { say } = presenterOf(ctx)
      const tables = []
      for (const { name, file, words } of tablesOf(offers)) {
        const [header = '', example = ''] = (await readFile(file, 'utf8')).split(/\r?\n/)
        const examples = example.split(',')
        const columns = header.split(',').map((column, index) => ({
          name: column,
          meaning: say(`${words}.${column}`),
          example: examples[index] ?? '',
        }))
        tables.push({ name, title: say(`${words}.title`), about: say(`${words}.about`), columns })
      }
      const mayBring = !isSignedIn(ctx.caller) || mayImport(ctx)
      return { tables, sheets: templateSheets(offers, ctx.language), mayBring }
    },
    title: (_data, { say }) => say('imports.template-title'),
    trail: ({ mayBring }, { say }) => (mayBring ? [{ label: say('imports.title'), href: '/import' }] : []),
    view: templateView,
  })

const filePage = (offers: AllOffers) =>
  page<never>({
    path: '/import/template/:file',
    policy: 'anyone',
    load: async (ctx, { params }) => {
      if (params.file === 'workbook.xlsx') {
        const body = Readable.from(writeWorkbook(templateWorkbook(ctx.registry, offers, ctx.language)))
        return { download: 'commonweal-template.xlsx', type: workbookType, body }
      }
      const table = tablesOf(offers).find(({ name }) => `${name}.csv` === params.file)
      if (!table) throw notFound(params.file ?? '')
      // A byte order mark makes spreadsheets read UTF-8 as UTF-8.
      const body = `\ufeff${await readFile(table.file, 'utf8')}`
      return { download: `template-${table.name}.csv`, type: 'text/csv; charset=utf-8', body }
    },
    title: () => '',
    view: () => null,
  })

export const templatePages = (offers: AllOffers): readonly PageDefinition[] => [templatePage(offers), filePage(offers)]
