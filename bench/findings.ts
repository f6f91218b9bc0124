/**
 * All findings of a large city, as the worker makes them: the first time, after a change, when nothing changed; and how
 * long *my work* of the whole city takes to answer.
 */
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { refreshRegister } from '#platform/findings/index.ts'
import { write } from '#platform/records/index.ts'
import { modules } from '../src/main/modules.ts'
import { people } from '../src/main/people.ts'
import { type Figure, median, milliseconds } from './figure.ts'

const limitMs = 2000

export const findings: Figure = {
  name: 'findings',
  measure: async (stage) => {
    const city = await stage.city()
    const { app } = city.opened
    const ctx = contextOf(app, systemCaller, 'en')
    const declared = modules.flatMap((module) => module.findings ?? [])
    const refresh = () =>
      transaction(app.database.kysely, (tx) => refreshRegister({ ...ctx, db: tx }, { findings: declared, people }))
    const rename = (turn: number) =>
      transaction(app.database.kysely, (tx) =>
        write({ ...ctx, db: tx }, { source: 'bench' }, [
          {
            kind: 'indicators.indicator',
            action: 'change',
            id: city.indicators[turn]!,
            values: { title: { en: `Renamed ${turn}` } },
          },
        ]),
      )
    let opened = 0
    const first = await milliseconds(async () => {
      opened = (await refresh()).opened
    })
    await app.database.pool.query('analyze findings.register')
    const again: number[] = []
    for (let turn = 0; turn < stage.turns + 2; turn++) {
      await rename(turn)
      again.push(await milliseconds(async () => void (await refresh())))
    }
    const web = await stage.web()
    const opening: number[] = []
    for (let turn = 0; turn < 10; turn++)
      opening.push(
        await milliseconds(async () => {
          const answer = await fetch(`${web.address}/work`, { headers: { cookie: city.cookie, accept: 'text/html' } })
          if (answer.status !== 200) throw new Error(`My work answers ${answer.status}.`)
          await answer.text()
        }),
      )
    return [
      {
        name: 'register of findings, after a change',
        unit: 'ms',
        ours: median(again),
        target: { text: `≤ ${limitMs} ms`, holds: (ours) => ours <= limitMs },
        note: `${opened} findings stand`,
      },
      { name: 'register of findings, the first time', unit: 'ms', ours: first },
      { name: 'my work of the whole city', unit: 'ms', ours: median(opening) },
    ]
  },
}
