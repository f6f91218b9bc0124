/**
 * Child of the figure `export`: writes a plan to a file as we do, or its records by a bare COPY, and reports the time
 * taken and the peak memory. A separate process, so that memory is measured separately.
 */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { copyOut } from '#platform/db/index.ts'
import { jsonFormat, writeContent } from '#platform/exchange/index.ts'
import { openApp } from '../src/main/app.ts'

const [mode, plan, file] = process.argv.slice(2) as [string, string, string]
const silent = { info() {}, warn() {}, error() {} }
const opened = await openApp({ applicationName: 'bench', log: silent, directory: process.env.DATA_DIRECTORY! })
const { app } = opened
const before = process.memoryUsage.rss()
let most = before
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 20)
const startedAt = performance.now()
if (mode === 'ours') {
  const ctx = contextOf(app, systemCaller, 'en')
  const asked = { format: jsonFormat, scope: { of: 'root', kind: 'strategy.plan', id: plan } as const }
  await pipeline(Readable.from(writeContent(ctx, asked)), createWriteStream(file))
} else {
  const client = await app.database.pool.connect()
  const statement = `copy (select r.*, t.*, array(select l."to" from records.link l where l."from" = r.id)
    from records.record r join strategy.objective t on t.id = r.id where t.plan = '${plan}') to stdout`
  await pipeline(Readable.from(copyOut(client, statement)), createWriteStream(file))
  client.release()
}
const milliseconds = performance.now() - startedAt
clearInterval(watch)
most = Math.max(most, process.memoryUsage.rss())
await opened.close()
console.log(JSON.stringify({ milliseconds, before: before / 1_048_576, most: most / 1_048_576 }))
