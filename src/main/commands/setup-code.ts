import type { Command } from '../command.ts'
import { setupCode } from '../first-start.ts'

/** Prints the code that the first administrator types in; it proves that they have access to this machine. */
export const setupCodeCommand: Command = {
  name: 'setup-code',
  summary: 'say the code for the first administrator of a new city',
  usage: 'setup-code [--json]',
  run: async (args, io) => {
    const { app } = await io.app()
    const code = await setupCode(app)
    if (!code) {
      io.err('This city has its administrator already; ask them for an account.')
      return 1
    }
    io.out(args.includes('--json') ? JSON.stringify({ code }) : code)
    return 0
  },
}
