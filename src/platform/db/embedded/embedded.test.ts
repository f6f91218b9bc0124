import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, afterEach, test as anywhere, expect } from 'vitest'
import { databasePlace } from '#test/kit/place.ts'
import { pidExists } from '../process-mark.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { isRoot } from './identity.ts'
import { runningPostmaster } from './postmaster.ts'

// The programs come for Linux only.
const test = anywhere.runIf(process.platform === 'linux')
const root = mkdtempSync(join(databasePlace(), 'commonweal-embedded-'))
// Root's server runs as another user, who must be able to pass.
chmodSync(root, 0o755)
const children: ChildProcess[] = []
const opened: Embedded[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const embedded of opened.splice(0)) await embedded.close()
})

afterAll(async () => {
  // Leaves no server behind, also where a test failed half-way.
  for (const name of readdirSync(root)) {
    const pid = runningPostmaster(join(root, name, 'postgres'))?.pid
    if (pid !== undefined) process.kill(pid, 'SIGQUIT')
    while (pid !== undefined && pidExists(pid)) await sleep(10)
  }
  rmSync(root, { recursive: true, force: true })
})

async function open(directory: string): Promise<Embedded> {
  const embedded = await openEmbedded({ directory })
  opened.push(embedded)
  return embedded
}

async function query({ connection }: Embedded, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(connection)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** Another process that opens the server, says so, and stays. */
async function openElsewhere(directory: string): Promise<ChildProcess> {
  const program = `import { openEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const embedded = await openEmbedded({ directory: ${JSON.stringify(directory)} })
    process.on('SIGTERM', () => embedded.close().then(() => process.exit(0)))
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  return child
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

const shared = join(root, 'shared')
const data = join(shared, 'postgres')

test('the first start makes a UTF-8 database with checksums that sorts as people expect and opens no port', async () => {
  const embedded = await open(shared)
  expect(embedded.adopted).toBe(false)
  const rows = await query(
    embedded,
    `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
       current_setting('listen_addresses') as listens, (select rolsuper from pg_roles where rolname = current_user) as superuser,
       (select string_agg(x, ' ' order by x) from unnest(array['b','a','B','Å','z','中']) x) as sorted`,
  )
  expect(rows).toEqual([{ encoding: 'UTF8', checksums: 'on', listens: '', superuser: false, sorted: 'a Å b B z 中' }])
  expect(statSync(embedded.connection.host).mode & 0o777).toBe(0o700)
  await query(embedded, 'create table kept as select 1 as one')
})

test('the last one to leave stops the server, and its process is gone', async () => {
  const one = await open(shared)
  const two = await open(shared)
  const pid = runningPostmaster(data)!.pid
  expect(two.adopted).toBe(true)
  await one.close()
  expect(await query(two, 'select one from kept')).toEqual([{ one: 1 }])
  await two.close()
  await expect.poll(() => pidExists(pid)).toBe(false)
  expect(existsSync(join(data, 'postmaster.pid'))).toBe(false)
})

test('a second process attaches, and goes on working when the first one leaves', async () => {
  const first = await openElsewhere(shared)
  const second = await open(shared)
  expect(second.adopted).toBe(true)
  const leaving = ended(first)
  first.kill('SIGTERM')
  await leaving
  expect(await query(second, 'select one from kept')).toEqual([{ one: 1 }])
})

test('after kill -9 of the program the next start adopts its server', async () => {
  const program = await openElsewhere(shared)
  const pid = runningPostmaster(data)!.pid
  const dying = ended(program)
  program.kill('SIGKILL')
  await dying
  const next = await open(shared)
  expect(next.adopted).toBe(true)
  expect(runningPostmaster(data)!.pid).toBe(pid)
  await next.close()
  await expect.poll(() => pidExists(pid)).toBe(false)
})

test('after kill -9 of program and server the next start recovers what was committed', async () => {
  const program = await openElsewhere(shared)
  const here = await open(shared)
  await query(here, 'insert into kept values (2)')
  await here.close()
  const dying = ended(program)
  program.kill('SIGKILL')
  await dying
  process.kill(runningPostmaster(data)!.pid, 'SIGKILL')
  const next = await open(shared)
  expect(next.adopted).toBe(false)
  expect(await query(next, 'select count(*)::integer as count from kept')).toEqual([{ count: 2 }])
})

test('a server that dies while it is in use comes back at the same place', async () => {
  const said: string[] = []
  const embedded = await openEmbedded({ directory: shared, log: (message) => said.push(message) })
  opened.push(embedded)
  process.kill(runningPostmaster(data)!.pid, 'SIGKILL')
  for (let waited = 0; !said.includes('the database server is back') && waited < 300; waited++) await sleep(50)
  expect(await query(embedded, 'select one from kept order by one limit 1')).toEqual([{ one: 1 }])
})

test('a process file whose number another program got does not count as the server', async () => {
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n0\n5432\n/nowhere\n\n0 0\nready   \n`)
  const embedded = await open(shared)
  expect(embedded.adopted).toBe(false)
})

test('many starts at the same time share one server', async () => {
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => open(shared)))
  expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1)
})

test('a path too long for a socket is no obstacle', async () => {
  const directory = join(root, 'long'.repeat(40))
  const embedded = await open(directory)
  expect(embedded.connection.host.length).toBeLessThan(90)
  expect(await query(embedded, 'select 1 as one')).toEqual([{ one: 1 }])
  await embedded.close()
  expect(existsSync(embedded.connection.host)).toBe(false)
})

test('a start that was cut off half-way leaves nothing that hinders the next', async () => {
  const directory = join(root, 'cut')
  const program = `import { openEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    await openEmbedded({ directory: ${JSON.stringify(directory)} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  const gone = ended(child)
  for (let waited = 0; waited < 500 && !existsSync(directory); waited++) await sleep(10)
  await sleep(150)
  child.kill('SIGKILL')
  await gone
  const embedded = await open(directory)
  expect(await query(embedded, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readdirSync(directory).filter((name) => name.includes('draft'))).toEqual([])
})

test('a file in the way, and data of another version, are named with the mend', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  await expect(openEmbedded({ directory: file })).rejects.toMatchObject({ code: 'database.directory', exitCode: 77 })
  rmSync(file)
  await Promise.all(opened.splice(0).map((embedded) => embedded.close()))
  const version = readFileSync(join(data, 'PG_VERSION'))
  writeFileSync(join(data, 'PG_VERSION'), '17\n')
  await expect(openEmbedded({ directory: shared })).rejects.toThrow(/written by PostgreSQL 17.*restore a backup/)
  writeFileSync(join(data, 'PG_VERSION'), version)
})

anywhere.runIf(isRoot())(
  'as root, under a directory that nobody else may enter, the data go to /var/lib/commonweal',
  async () => {
    const closed = mkdtempSync(join(root, 'closed-'))
    const embedded = await open(join(closed, 'project', '.commonweal'))
    expect(embedded.home).toMatch(/^\/var\/lib\/commonweal\/[0-9a-f]{16}$/)
    await embedded.close()
    rmSync(embedded.home, { recursive: true })
  },
)
