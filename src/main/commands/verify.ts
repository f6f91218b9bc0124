import { parseArgs } from 'node:util'
import { verifyAll } from '#platform/records/index.ts'
import type { Command } from '../command.ts'
import { secrets } from '../modules.ts'

/**
 * Recomputes the seal of the history and compares the tables with it; `--against POSITION:HASH` also checks a head that
 * was published earlier.
 */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check that the history is whole and that the tables agree with it',
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
    const verdict = await verifyAll(
      app.database,
      { registry: app.registry, secrets },
      match ? { position: Number(match[1]), hash: match[2]! } : undefined,
    )
    if (values.json) io.out(JSON.stringify(verdict))
    else {
      const whole = verdict.faults.length === 0
      io.out(
        `${whole ? 'The history is whole' : 'The history is NOT whole'}: ${verdict.position} entries sealed, ${verdict.unsealed} waiting. Head ${verdict.position}:${verdict.hash}`,
      )
      for (const fault of verdict.faults)
        io.out(`  position ${fault.position ?? '?'}: ${fault.code}${fault.entry ? ` (entry ${fault.entry})` : ''}`)
      io.out(
        verdict.differences.length === 0
          ? `The tables agree with it: ${verdict.compared} records compared.`
          : `The tables do NOT agree with it: ${verdict.differences.length === 1000 ? 'at least 1000' : verdict.differences.length} differences in ${verdict.compared} records.`,
      )
      for (const { code, at, what, position } of verdict.differences)
        io.out(
          `  ${code}${at ? ` ${at}` : ''}: ${what === 'changed' ? 'is not what the history says' : what === 'added' ? 'no entry of the history made it' : 'is gone, though no entry removed it'}${position === null ? '' : ` (position ${position})`}`,
        )
    }
    return verdict.whole ? 0 : 1
  },
}
