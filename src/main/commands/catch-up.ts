import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { measureFigures } from '#platform/figures/index.ts'
import { subscribers } from '../app.ts'
import type { Command } from '../command.ts'

/** Seals what is waiting and brings derived results up to date, if no worker is running. */
export const catchUpCommand: Command = {
  name: 'catch-up',
  summary: 'seal the history and bring derived results up to date',
  usage: 'catch-up [--json]',
  run: async (args, io) => {
    const { app } = await io.app()
    const ctx = contextOf(app, systemCaller, 'en')
    const entries = (await catchUp(ctx, app.database, subscribers())) + (await measureFigures(ctx))
    io.out(args.includes('--json') ? JSON.stringify({ entries }) : `${entries} steps done; everything is up to date.`)
    return 0
  },
}
