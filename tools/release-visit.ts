/** A running release, used from outside: pages, forms, the API, and which addresses it answers. */
import { spawn } from 'node:child_process'

/** How many pages of one shape are read for their links. */
const maxPagesPerShape = 3

export type SignIn = { readonly login: string; readonly password: string }

export type RunningRelease = {
  readonly get: (path: string) => Promise<{ status: number; to: string; text: string; type: string }>
  readonly post: (path: string, form: Readonly<Record<string, string>>) => Promise<void>
  readonly signIn: (who: SignIn) => Promise<void>
  /** Calls the API; `version` becomes If-Match. The change set comes from the response header. */
  readonly json: (method: string, path: string, body?: object, version?: number) => Promise<Record<string, unknown>>
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts the release of a checkout on a data directory, on a port of its choice, and keeps cookies. */
export async function serve(program: string, directory: string): Promise<RunningRelease> {
  let running = await startServer(program, directory)
  const cookies = new Map<string, string>()
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(new URL(path, running.base), {
      method,
      redirect: 'manual',
      headers: { ...headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body === undefined ? {} : { body }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return answer
  }
  const page = { accept: 'text/html' }
  const post: RunningRelease['post'] = async (path, form) => {
    const csrf = /name="csrf" value="([^"]*)"/.exec(await (await ask('GET', path, undefined, page)).text())?.[1] ?? ''
    const headers = { ...page, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await ask('POST', path, new URLSearchParams({ ...form, csrf }).toString(), headers)
    if (answer.status !== 303) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
  return {
    get: async (path) => {
      const answer = await ask('GET', path, undefined, page)
      const to = answer.headers.get('location') ?? ''
      return { status: answer.status, to, text: await answer.text(), type: answer.headers.get('content-type') ?? '' }
    },
    post,
    signIn: (who) => post('/sign-in', who),
    json: async (method, path, body, version) => {
      const headers = {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      }
      const answer = await ask(method, path, body && JSON.stringify(body), headers)
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return { ...(text ? JSON.parse(text) : {}), changeSet: answer.headers.get('change-set') }
    },
    restart: async () => {
      await running.stop()
      running = await startServer(program, directory)
    },
    close: () => running.stop(),
  }
}

async function startServer(program: string, directory: string): Promise<{ base: string; stop: () => Promise<void> }> {
  const environment = { ...process.env, DATABASE_URL: '', DATA_DIRECTORY: directory, DEMO: 'off', PORT: '0' }
  const child = spawn(process.execPath, ['src/main/start.mjs'], { cwd: program, env: environment })
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()))
  let said = ''
  const base = await new Promise<string>((settle, refuse) => {
    const listen = (piece: Buffer) => {
      said += piece.toString()
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (address) settle(address)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => refuse(new Error(`The program did not start: ${said}`)))
  })
  return {
    base,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/**
 * The shape of an address: record numbers and ids are left open, of the query only its presence counts, and of lists
 * the download format (a plan shows every format). Language, colours and order do not lead to another page.
 */
function shapeOf(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://127.0.0.1')
  for (const name of ['language', 'scheme', 'sort']) searchParams.delete(name)
  const open = pathname.replaceAll(/\/([A-Z]{3}-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\/|$)/g, '/:')
  return `${open.replace(/^(\/[\w-]+\/[\w-]+\/download)\/\w+$/, '$1/:')}${searchParams.size > 0 ? '?' : ''}`
}

/**
 * One address of every shape that answers 200 or redirects to one that does: those found by following links, those of
 * the API, and the pages every record has. Shapes in `seen` are left out; new ones are added to it.
 */
export async function addressesOf(served: RunningRelease, seen: Set<string>): Promise<string[]> {
  const found: string[] = []
  const read = new Map<string, number>()
  const visited = new Set<string>()
  const wanted = ['/', '/search?q=city', '/sign-in', '/start/city', ...(await interfaceOf(served))]
  for (let address = wanted.shift(); address !== undefined; address = wanted.shift()) {
    const shape = shapeOf(address)
    const before = read.get(shape) ?? 0
    if (visited.has(address) || before >= (shape.endsWith('?') ? 1 : maxPagesPerShape)) continue
    visited.add(address)
    const { status, to, text, type } = await served.get(address)
    if (status !== 200 && (status !== 303 || to.startsWith('/sign-in'))) continue
    if (to.startsWith('/')) wanted.push(to)
    read.set(shape, before + 1)
    if (!seen.has(shape)) {
      seen.add(shape)
      found.push(address)
    }
    const [, changeSet] = /^\/history\/([^/?]+)$/.exec(address) ?? []
    if (changeSet) wanted.push(`/api/v1/change-sets/${changeSet}`)
    if (!type.startsWith('text/html')) continue
    for (const [, link] of text.matchAll(/ href="(\/[^"#]*)/g))
      if (!/^\/(styles|islands|fonts|sign-out)|[?&](language|scheme|sort)=/.test(link!))
        wanted.push(link!.replaceAll('&amp;', '&').replace(/(\/download\/\w+)\?.*/, '$1'))
  }
  return found.sort()
}

/** Addresses of the API, with a record number where one is needed, and of those records' pages. */
async function interfaceOf(served: RunningRelease): Promise<string[]> {
  const { paths } = (await served.json('GET', '/api/v1/openapi.json')) as { paths: Record<string, { get?: unknown }> }
  const codes = new Map<string, string>()
  const filled: string[] = []
  for (const [path, operations] of Object.entries(paths)) {
    if (!operations.get) continue
    const [base] = path.split('/{id}')
    if (!path.includes('{')) filled.push(path === '/api/v1/search' ? `${path}?q=city` : path)
    if (path === base && /^\/api\/v1\/\w[\w-]*\/[\w-]+$/.test(path) && !path.startsWith('/api/v1/history/')) {
      const [first] = ((await served.json('GET', `${path}?limit=1`)).items ?? []) as Array<{
        code: string
        kind: string
      }>
      if (!first) continue
      codes.set(path, first.code)
      const page = `${path.slice('/api/v1'.length)}/${first.code}`
      filled.push(`/api/v1/schemas/${first.kind}`, page)
      filled.push(...['edit', 'history', 'links', 'publish'].map((below) => `${page}/${below}`))
    }
    if (!path.includes('{id}')) continue
    const code = codes.get(base!) ?? (base === '/api/v1/records' ? [...codes.values()][0] : undefined)
    if (code) filled.push(path.replace('{id}', code))
  }
  return filled
}
