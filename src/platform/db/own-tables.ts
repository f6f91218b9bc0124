import type { Pool } from 'pg'
import { errorCode, StartProblem } from './start-problem.ts'

/** What the migrations and the lease themselves need, before the first migration can run. */
const statements = `
create schema if not exists commonweal;
create table if not exists commonweal.migration (
  module text not null, name text not null, hash text not null, "appliedAt" timestamptz(3) not null,
  primary key (module, name)
);
create table if not exists commonweal."viewsFile" (module text primary key, hash text not null);
create table if not exists commonweal."publishedView" (
  schema text not null, name text not null, primary key (schema, name)
);
create table if not exists commonweal."migrationLock" (id integer primary key check (id = 1));
insert into commonweal."migrationLock" (id) values (1) on conflict do nothing;
create table if not exists commonweal.lease (
  name text primary key, holder uuid not null, host text not null, scope text not null, pid integer not null,
  "startedAt" text not null, "beatAt" timestamptz not null
);`

/** Two processes that run `create … if not exists` concurrently can still collide; the loser retries. */
const collisions = new Set(['23505', '42P07', '42P06', 'XX000', '40P01'])

/** Creates the schema `commonweal` with the tables of migrations and leases, unless they exist. */
export async function ensureOwnTables(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('commonweal.lease') is not null as there`)
  if (rows[0]?.there) return
  for (let attempt = 1; ; attempt++) {
    try {
      // Several statements in one message are one transaction.
      await pool.query(statements)
      return
    } catch (error) {
      if (errorCode(error) === '42501') {
        throw new StartProblem(
          'database.refused',
          'The user of DATABASE_URL may not create schemas in its database: make it the owner, or run: grant create on database NAME to USER;',
          77,
          { cause: error },
        )
      }
      if (attempt === 5 || !collisions.has(errorCode(error) ?? '')) throw error
    }
  }
}
