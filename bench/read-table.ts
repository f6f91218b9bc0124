/** A process that reads one table to its end and reports the time taken and the peak memory. */
import { readFileSync } from 'node:fs'
import { openTableFile } from '#platform/table-file.ts'

const path = process.argv[2]!
const startedAt = performance.now()
const file = await openTableFile(path)
const table = await file.open()
let rows = 0
let filled = 0
for await (const row of table.rows) {
  rows += 1
  for (const cell of row.cells) if (cell !== '') filled += 1
}
await file.close()
const milliseconds = performance.now() - startedAt
// The peak of this process's own memory: maxRSS still counts what the parent held when it forked.
const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
const peak = /VmHWM:\s+(\d+)/.exec(status)?.[1]
const megabytes = peak ? Number(peak) / 1024 : process.resourceUsage().maxRSS / 1024
process.stdout.write(JSON.stringify({ rows, filled, milliseconds, megabytes, stop: table.problems.stop }))
