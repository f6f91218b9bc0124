import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { measureFigures } from '#platform/figures/index.ts'
import { jobDefinitions, subscribers } from '../app.ts'
import type { Command } from '../command.ts'

/**
 * Seals what is waiting and brings derived results up to date, if no worker is running: what a worker does when it
 * starts.
 */
export const catchUpCommand: Command = {
  name: 'catch-up',
  summary: 'seal the history and bring derived results up to date',
  usage: 'catch-up [--json]',
  run: async (args, io) => {
    const { app } = await io.app()
    const ctx = contextOf(app, systemCaller, 'en')
    const sealed = await catchUp(ctx, app.database, subscribers())
    const measured = await measureFigures(ctx)
    for (const job of jobDefinitions()) if (job.atStart) await job.handle(ctx, {})
    // Values that came in from figures are entries, too.
    const entries = sealed + measured + (await catchUp(ctx, app.database, subscribers()))
    io.out(args.includes('--json') ? JSON.stringify({ entries }) : `${entries} steps done; everything is up to date.`)
    return 0
  },
}
