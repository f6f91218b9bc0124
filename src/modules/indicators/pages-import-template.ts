/** The templates: what stands in each column, in the reader's language, and the files themselves. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { notFound } from '#kernel/problem.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type PageDefinition, page } from '#platform/page.ts'
import { writeWorkbook } from '#platform/workbook/index.ts'
import { templateSheets, templateWorkbook } from './actions-import-template.ts'
import words from './library/template-words.json' with { type: 'json' }
import { mayImport } from './policy.ts'
import { type TemplateData, templateView } from './views/import-template.tsx'

const names = ['plan', 'series'] as const
const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const folder = join(import.meta.dirname, 'library')
const file = (name: (typeof names)[number]) => readFile(join(folder, `template-${name}.csv`), 'utf8')

const templatePage = page<TemplateData>({
  path: '/import/template',
  policy: 'anyone',
  section: 'results',
  load: async (ctx) => {
    const reported = words[ctx.language] as Record<string, string>
    const tables = []
    for (const name of names) {
      const [header = '', example = ''] = (await file(name)).split(/\r?\n/)
      const examples = example.split(',')
      tables.push({
        name,
        about: reported[`indicators.template.${name}.about`] ?? '',
        columns: header.split(',').map((column, index) => ({
          name: column,
          meaning: plain(reported[`indicators.template.${name}.${column}`] ?? ''),
          example: examples[index] ?? '',
        })),
      })
    }
    return { tables, sheets: templateSheets(ctx.language), mayBring: !isSignedIn(ctx.caller) || mayImport(ctx) }
  },
  title: (_data, { say }) => say('indicators.import.template-title'),
  trail: ({ mayBring }, { say }) => (mayBring ? [{ label: say('indicators.import.title'), href: '/import' }] : []),
  view: templateView,
})

/** These words are read without values: quoted braces are plain braces. */
const plain = (text: string) => text.replace(/'(\{[^']*\})'/g, '$1')

const filePage = page<never>({
  path: '/import/template/:file',
  policy: 'anyone',
  load: async (ctx, { params }) => {
    if (params.file === 'workbook.xlsx') {
      const body = Readable.from(writeWorkbook(templateWorkbook(ctx.registry, ctx.language)))
      return { download: 'commonweal-template.xlsx', type: workbookType, body }
    }
    const name = names.find((each) => `${each}.csv` === params.file)
    if (!name) throw notFound(params.file ?? '')
    // A byte order mark makes spreadsheets read UTF-8 as UTF-8.
    return { download: `template-${name}.csv`, type: 'text/csv; charset=utf-8', body: `\ufeff${await file(name)}` }
  },
  title: () => '',
  view: () => null,
})

export const importTemplatePages: readonly PageDefinition[] = [templatePage, filePage]
