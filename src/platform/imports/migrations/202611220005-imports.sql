-- Imports: runs with their progress and report, saved profiles, uploaded files and staged rows until a run has ended.

create schema imports;

create table imports.run (
  id uuid primary key,
  -- draft: uploaded, not started; waiting: asked for; running; done; refused: nothing was taken; cancelled; failed.
  state text not null check (state in ('draft', 'waiting', 'running', 'done', 'refused', 'cancelled', 'failed')),
  "fileName" text not null,
  "fileBytes" bigint not null,
  sha256 text,
  profile jsonb,
  -- Who asked, with what they may do; null is the house itself.
  account uuid,
  caller jsonb not null,
  language text not null,
  "dryRun" boolean not null default false,
  "allOrNothing" boolean not null default false,
  phase text,
  done bigint not null default 0,
  total bigint not null default 0,
  report jsonb,
  "changeSet" uuid,
  undo jsonb,
  "createdAt" timestamptz not null,
  "startedAt" timestamptz,
  "beatAt" timestamptz,
  "cancelAskedAt" timestamptz,
  "endedAt" timestamptz
);
create index "runByAccount" on imports.run (account, "createdAt");
create index "runOpen" on imports.run (state, "beatAt") where state in ('draft', 'waiting', 'running');

create table imports.profile (
  id uuid primary key,
  name text not null,
  version integer not null,
  content jsonb not null,
  account uuid,
  "savedAt" timestamptz not null,
  unique (name, version)
);

-- The uploaded file in pieces, until its run has ended: every process of the house can read it there.
create table imports.piece (
  run uuid not null references imports.run (id) on delete cascade,
  position integer not null,
  content bytea not null,
  primary key (run, position)
);

-- Not logged: what a crash takes away here belongs to a run that died with it.
create unlogged table imports.row (
  run uuid not null,
  step smallint not null,
  key text not null,
  slot text not null,
  line integer not null,
  content text not null,
  primary key (run, step, key, slot, line)
);
create unlogged table imports.rejected (
  run uuid not null,
  line integer not null,
  primary key (run, line)
);
