-- Records, links, external identifiers, history and its seal, search.

create schema records;

create table records.record (
  id uuid primary key,
  kind text not null,
  code text not null unique,
  title jsonb not null,
  state text not null,
  organisation uuid references records.record (id),
  owner uuid references records.record (id),
  audience text not null check (audience in ('restricted', 'organisation', 'partners', 'public')),
  version integer not null,
  "createdAt" timestamptz not null,
  "changedAt" timestamptz not null,
  "retiredAt" timestamptz
);
create index "recordByKind" on records.record (kind, id);
create index "recordByOrganisation" on records.record (organisation, kind);
create index "recordByOwner" on records.record (owner, kind);

create table records."externalId" (
  source text not null,
  kind text not null,
  id text not null,
  record uuid not null references records.record (id),
  primary key (source, kind, id)
);
create index "externalIdByRecord" on records."externalId" (record);

-- `name` is the full name of a declared link, `strategy.outcome.answers`.
create table records.link (
  id uuid primary key,
  name text not null,
  "from" uuid not null references records.record (id),
  "to" uuid not null references records.record (id),
  weight numeric
);
-- Both hold all that a trace asks of a link, so that it need not visit the table.
create unique index "linkByFrom" on records.link ("from", name, "to") include (weight);
create index "linkByTo" on records.link ("to", name, "from") include (weight);

create table records."changeSet" (
  id uuid primary key,
  at timestamptz not null,
  account uuid,
  why text,
  source text not null,
  "undoOf" uuid references records."changeSet" (id)
);
create index "changeSetByUndo" on records."changeSet" ("undoOf") where "undoOf" is not null;

-- `content` holds the exact canonical bytes (RFC 8785): jsonb would reorder and round. `sequence` is the order of writing:
-- drawn while the record is locked, so it holds between machines whose clocks differ, where the time inside `id` does not.
create table records.entry (
  id uuid primary key,
  sequence bigint generated always as identity,
  "changeSet" uuid not null references records."changeSet" (id),
  record uuid,
  content text not null
);
create index "entryByRecord" on records.entry (record, sequence);
create index "entryByChangeSet" on records.entry ("changeSet", sequence);

-- Values and salts of personal fields; privacy erasure deletes them and the chain still verifies.
create table records.personal (
  entry uuid not null references records.entry (id),
  record uuid not null,
  place text not null,
  salt text not null,
  value text not null,
  primary key (entry, place)
);
create index "personalByRecord" on records.personal (record);

create table records.unsealed (entry uuid primary key);

create table records.seal (
  position bigint primary key,
  entry uuid not null unique,
  hash text not null
);
create table records."sealHead" (
  one boolean primary key default true check (one),
  position bigint not null,
  hash text not null,
  "sealedAt" timestamptz not null
);
insert into records."sealHead" (position, hash, "sealedAt") values (0, repeat('0', 64), now());

-- How far each subscriber has read along the seal.
create table records.cursor (
  subscriber text primary key,
  position bigint not null
);

create table records.search (
  record uuid not null references records.record (id),
  language text not null,
  words tsvector not null,
  primary key (record, language)
);
create index "searchWords" on records.search using gin (words);

-- A publication: who approved what, and the embargo after which it becomes public.
create table records.publication (
  id uuid primary key,
  record uuid not null references records.record (id),
  "approvedBy" uuid,
  "approvedAt" timestamptz not null,
  "publicFrom" timestamptz not null,
  "doneAt" timestamptz
);
create index "publicationDue" on records.publication ("publicFrom") where "doneAt" is null;
