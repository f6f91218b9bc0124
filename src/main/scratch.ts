import { rmSync } from 'node:fs'
import { contextOf } from '#platform/app.ts'
import { nobody } from '#platform/caller.ts'
import * as records from '#platform/records/index.ts'
import { openApp } from './app.ts'
import { loadDemoCity, removeDemoCity } from './demo/load.ts'

rmSync('/tmp/core2', { recursive: true, force: true })
const log = { info() {}, warn: console.log, error: console.log }
let t = performance.now()
const lap = (s: string) => {
  console.log(s, Math.round(performance.now() - t))
  t = performance.now()
}
const opened = await openApp({ applicationName: 'scratch', directory: '/tmp/core2', log })
lap('open')
console.log(opened.applied)
const accounts = await loadDemoCity(opened.app, 'some-password-here')
lap('demo')
console.log(accounts)
console.log(
  (await opened.app.database.pool.query('select kind, audience, count(*) from records.record group by 1,2 order by 1'))
    .rows,
)
console.log((await opened.app.database.pool.query('select count(*) from indicators.measurement')).rows)
lap('q')
const ctx = contextOf(opened.app, nobody, 'en')
const s = (await records.list(ctx, opened.app.house.kind('strategy.sentence').declaration, { limit: 20 })).rows
for (const x of s) {
  const tr = await records.trace(ctx, x.id, 'down')
  console.log(x.code, tr.nodes.length)
}
lap('trace')
await records.sealAll(opened.app.database)
lap('seal')
console.log((await records.verify(opened.app.database.kysely)).whole)
lap('verify')
console.log(await removeDemoCity(opened.app))
lap('remove')
console.log(
  (
    await opened.app.database.pool.query(
      'select kind, count(*) from records.record where "retiredAt" is null group by 1',
    )
  ).rows,
)
console.log((await opened.app.database.pool.query('select count(*) from indicators.measurement')).rows)
await loadDemoCity(opened.app, 'some-password-here')
lap('demo again')
await opened.close()
lap('close')
