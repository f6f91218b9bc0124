import { parseArgs } from 'node:util'
import { verify } from '#platform/records/index.ts'
import type { Command } from '../command.ts'

/** Recomputes the seal of the history; `--against POSITION:HASH` also checks a head that was published earlier. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check that the history is whole',
  usage: 'verify [--against POSITION:HASH] [--json]',
  run: async (args, io) => {
    const { values } = parseArgs({ args, options: { against: { type: 'string' }, json: { type: 'boolean' } } })
    const match = /^(\d+):([0-9a-f]{64})$/.exec(values.against ?? '')
    if (values.against !== undefined && !match) {
      io.err(
        '--against takes a head as it is published on the page "History": its position, a colon and 64 hexadecimal digits.',
      )
      return 2
    }
    const { app } = await io.app()
    const verdict = await verify(
      app.database.kysely,
      match ? { position: Number(match[1]), hash: match[2]! } : undefined,
    )
    if (values.json) io.out(JSON.stringify(verdict))
    else {
      io.out(
        `${verdict.whole ? 'The history is whole' : 'The history is NOT whole'}: ${verdict.position} entries sealed, ${verdict.unsealed} waiting. Head ${verdict.position}:${verdict.hash}`,
      )
      for (const fault of verdict.faults)
        io.out(`  position ${fault.position ?? '?'}: ${fault.code}${fault.entry ? ` (entry ${fault.entry})` : ''}`)
    }
    return verdict.whole ? 0 : 1
  },
}
