/** Child of the benchmark: the whole web server, as `npm start` serves it, without its rate limits. */
import type { AddressInfo } from 'node:net'
import type { Log } from '#platform/context.ts'
import { openApp } from '../src/main/app.ts'
import { databaseOptions } from '../src/main/options.ts'
import { createWeb } from '../src/main/server.ts'

const most = 200_000
let times: number[] = []
/** Notes the server time that is logged with every request, and nothing else. */
const log: Log = {
  info: ({ ms }) => {
    if (typeof ms === 'number' && times.length < most) times.push(ms)
  },
  warn: () => {},
  error: (facts, message) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
}
const opened = await openApp({ applicationName: 'commonweal bench', log, ...databaseOptions() })
const server = await createWeb(opened.app, {
  limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: process.env.SHEDDING === 'on' ? 1000 : 0 },
})
await server.listen({ host: '127.0.0.1', port: 0 })
process.on('message', (question) => {
  if (question === 'memory') process.send?.({ bytes: process.memoryUsage.rss() })
  if (question === 'times') {
    process.send?.({ times })
    times = []
  }
})
const stop = async () => {
  await server.close()
  await opened.close()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('disconnect', () => void stop())
process.send?.({ port: (server.server.address() as AddressInfo).port })
