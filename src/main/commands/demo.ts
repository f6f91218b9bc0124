import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { subscribers } from '../app.ts'
import type { Command } from '../command.ts'
import { removeDemoCity } from '../demo/load.ts'
import { installDemo } from '../first-start.ts'

/** Loads the demo city into an empty installation, or removes it. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'install or remove the demo city',
  usage: 'demo install|remove [--json]',
  run: async (args, io) => {
    const [what] = args.filter((each) => !each.startsWith('--'))
    if (what !== 'install' && what !== 'remove') {
      io.err('Say what to do: "demo install" or "demo remove".')
      return 2
    }
    const { app } = await io.app()
    const json = args.includes('--json')
    if (what === 'remove') {
      if (!app.city().demo) {
        io.err('There is no demo city here.')
        return 1
      }
      const removed = await removeDemoCity(app)
      await catchUp(contextOf(app, systemCaller, 'en'), app.database, subscribers())
      io.out(
        json
          ? JSON.stringify(removed)
          : `The demo city is gone: ${removed.undone} records. ${removed.kept} that were edited since stay.`,
      )
      return 0
    }
    const installed = await installDemo(app)
    if (!installed) {
      io.err('There is a city here already; the demo city goes only into an empty house.')
      return 1
    }
    await catchUp(contextOf(app, systemCaller, 'en'), app.database, subscribers())
    io.out(
      json
        ? JSON.stringify(installed)
        : `The demo city is there. Sign in as ${installed.accounts.map((account) => account.login).join(', ')} with the password ${installed.password}`,
    )
    return 0
  },
}
