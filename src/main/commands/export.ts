import { parseArgs } from 'node:util'
import { Problem } from '#kernel/problem.ts'
import type { Language } from '#kernel/words.ts'
import { findCity } from '#modules/directory'
import { contextOf } from '#platform/app.ts'
import { nobody, systemCaller } from '#platform/caller.ts'
import { type Format, hashOf, type Scope, writeContent } from '#platform/exchange/index.ts'
import type { AppContext } from '#platform/page.ts'
import { reportPieces, writePieces } from '#platform/pieces.ts'
import { find } from '#platform/records/index.ts'
import type { Command, Output } from '../command.ts'
import { exchange } from '../modules.ts'

const names = exchange.formats.map((format) => format.name)
const usage = `export --plan CODE|--list KIND|--all --format ${names.join('|')} [--part 1|2] [--public] [--hash] [--out FILE]`

/** Writes a plan, a list or everything in an open format, to a file or to standard output. */
export const exportCommand: Command = {
  name: 'export',
  summary: 'write a plan, a list or everything in an open format',
  usage,
  run: async (args, io) => {
    const asked = optionsOf(args, io)
    if (!asked) return 2
    const { app } = await io.app()
    const origin = process.env.PUBLIC_ORIGIN
    const plain = contextOf(app, asked.public ? nobody : systemCaller, app.city().language as Language)
    const ctx = origin ? { ...plain, exchange: { ...plain.exchange, origin } } : plain
    const scope = await scopeOf(ctx, asked, io)
    if (!scope) return 1
    if (asked.hash) {
      io.out(await hashOf(ctx, scope))
      return 0
    }
    const { format } = asked
    const city = scope.of === 'all' ? await findCity(app.database.kysely) : undefined
    try {
      const pieces = writeContent(ctx, {
        format,
        scope,
        ...(asked.part ? { options: { part: asked.part } } : {}),
        ...(city
          ? { city: { organisation: city.organisation, timeZone: city.timeZone, language: city.language } }
          : {}),
      })
      if (asked.out === undefined) await reportPieces(pieces)
      else await writePieces(asked.out, pieces)
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException
      if (error instanceof Problem)
        io.err(app.registry.words.say(ctx.language)(`problem.${error.reason}`, error.values))
      else if (asked.out !== undefined && code && path?.startsWith(asked.out))
        io.err(`${asked.out} cannot be written (${code}): check the path, the space and that you may write there.`)
      else throw error
      return 1
    }
    return 0
  },
}

type Asked = {
  readonly format: Format
  readonly plan?: string
  readonly list?: string
  readonly all: boolean
  readonly public: boolean
  readonly hash: boolean
  readonly part?: string
  readonly out?: string
}

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values } = parseArgs({
      args,
      options: {
        plan: { type: 'string' },
        list: { type: 'string' },
        all: { type: 'boolean', default: false },
        format: { type: 'string' },
        part: { type: 'string' },
        public: { type: 'boolean', default: false },
        hash: { type: 'boolean', default: false },
        out: { type: 'string' },
      },
    })
    const { plan, list, all, part, out } = values
    if ([plan !== undefined, list !== undefined, all].filter(Boolean).length !== 1) {
      io.err(`Say what to export, one of --plan, --list and --all. Usage: ${usage}`)
      return null
    }
    const format = exchange.formats.find((each) => each.name === (values.format ?? (values.hash ? 'json' : '')))
    if (!format) {
      io.err(`Say the format: --format ${names.join('|')}. Usage: ${usage}`)
      return null
    }
    const scope = all ? 'all' : list === undefined ? 'plan' : 'list'
    if (!format.holds.includes(scope)) {
      const able = exchange.formats.filter((each) => each.holds.includes(scope)).map((each) => each.name)
      io.err(
        `The format ${format.name} holds ${format.holds.join(' or ')}, not ${scope}. Take one of: ${able.join(', ')}.`,
      )
      return null
    }
    if (part !== undefined && part !== '1' && part !== '2') {
      io.err('--part takes 1 (a plan) or 2 (a plan with its indicators).')
      return null
    }
    return {
      format,
      all,
      public: values.public,
      hash: values.hash,
      ...(plan === undefined ? {} : { plan }),
      ...(list === undefined ? {} : { list }),
      ...(part === undefined ? {} : { part }),
      ...(out === undefined ? {} : { out }),
    }
  } catch (error) {
    io.err(`${(error as Error).message.split('\n')[0]} Usage: ${usage}`)
    return null
  }
}

async function scopeOf(ctx: AppContext, asked: Asked, io: Output): Promise<Scope | null> {
  if (asked.all) return { of: 'all' }
  if (asked.list !== undefined) {
    const kind = [...ctx.registry.kinds.values()].find(
      ({ declaration }) => declaration.kind === asked.list || declaration.plural === asked.list,
    )
    if (kind) return { of: 'list', kind: kind.declaration.kind }
    io.err(`There is no kind "${asked.list}". Known: ${[...ctx.registry.kinds.keys()].join(', ')}`)
    return null
  }
  const plan = await find(ctx, ctx.registry.kind(ctx.registry.wellKnown.plan).declaration, asked.plan!)
  if (plan) return { of: 'root', kind: plan.kind, id: plan.id }
  io.err(
    `There is no plan ${asked.plan}${asked.public ? ' that is public' : ''}. Its number stands on its page and in the list of plans (PLN-0001).`,
  )
  return null
}
