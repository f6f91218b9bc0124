/**
 * The process that chaos kills: `writer.ts DIRECTORY FILE writes|imports PREFIX`. Every acknowledged change is a line
 * of FILE, forced to disk before the next one begins, and then printed on standard output. It continues when the
 * database dies under it, as a server would: what failed was not acknowledged, and is printed as `failed REASON`, or as
 * `wrong REASON` if an import claimed more than it did. Files to import are written next to FILE.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '#platform/db/index.ts'
import { sealAll } from '#platform/records/index.ts'
import { type Acknowledged, changeOne, createOne, importOnce, NotWhole } from './load.ts'

const [directory, file, mode, prefix] = process.argv.slice(2) as [string, string, 'writes' | 'imports', string]
const journal = openSync(file, 'a')
const acknowledge = (done: Acknowledged) => {
  writeSync(journal, `${JSON.stringify(done)}\n`)
  fsyncSync(journal)
  process.stdout.write('acknowledged\n')
}

const database = await openDatabase({ directory, applicationName: 'chaos writer' })
process.stdout.write('ready\n')
let last: string | undefined
for (let count = 0; ; count++) {
  const token = `${prefix}-${count}`
  try {
    if (mode === 'imports') acknowledge(await importOnce(database, dirname(file), token))
    else if (last && count % 2 === 1) acknowledge(await changeOne(database, last, token))
    else {
      const done = await createOne(database, token)
      last = done.id
      acknowledge(done)
    }
    if (count % 5 === 4 || mode === 'imports') await sealAll(database)
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ')
    process.stdout.write(`${error instanceof NotWhole ? 'wrong' : 'failed'} ${reason}\n`)
    await sleep(50)
  }
}
