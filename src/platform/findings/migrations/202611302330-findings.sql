-- What waits for somebody, derived from records and the day: rebuilt by a job every night and after changes, never part
-- of the history. A finding that has ended stays here with when and by which change set.

create schema findings;

create table findings.register (
  id uuid primary key,
  -- 'benefits.missed-path'
  finding text not null,
  record uuid not null references records.record (id),
  -- Tells several of one finding about one record apart.
  part text not null,
  reason text not null,
  "values" jsonb not null,
  "with" uuid[] not null,
  presses smallint not null,
  since date not null,
  -- For whom it waits. A vacant post leaves it to the organisation.
  post uuid,
  vacant boolean not null,
  organisation uuid,
  -- Does it wait for the post alone until it is escalated?
  "postFirst" boolean not null,
  stake jsonb,
  "firstSeenAt" timestamptz not null,
  "escalatedAt" timestamptz,
  "escalatedTo" uuid,
  "closedAt" timestamptz,
  "closedBy" uuid,
  -- Earlier posts and organisations it waited for: [{ at, post, organisation }].
  routes jsonb not null default '[]'
);
create unique index "registerOpen" on findings.register (finding, record, part) where "closedAt" is null;
create index "registerOpenOrder" on findings.register (presses, id) where "closedAt" is null;
create index "registerByFinding" on findings.register (finding, since, id) where "closedAt" is null;
create index "registerByRecord" on findings.register (record);
create index "registerByPost" on findings.register (post) where "closedAt" is null;
create index "registerByOrganisation" on findings.register (organisation) where "closedAt" is null;
create index "registerClosed" on findings.register ("closedAt" desc, id) where "closedAt" is not null;

-- One row: up to which change and for which day the register stands.
create table findings.state (
  id integer primary key check (id = 1),
  newest uuid,
  "madeFor" date,
  -- Rises whenever a finding is opened, changed or closed.
  revision bigint not null default 0,
  -- Was there a change since that nobody has looked at?
  stale boolean not null default true
);
insert into findings.state (id) values (1);
