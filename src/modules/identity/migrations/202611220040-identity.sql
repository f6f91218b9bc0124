create schema identity;

create sequence identity."accountCode";
create table identity.account (
  id uuid primary key references records.record (id),
  login text,
  person uuid references records.record (id),
  language text check (language in ('en', 'zh-Hans'))
);
create unique index "accountByLogin" on identity.account (lower(login));
create index "accountByPerson" on identity.account (person);

create table identity."grant" (
  id uuid primary key,
  record uuid not null references records.record (id),
  role text not null check (role in ('leader', 'owner', 'contributor', 'analyst', 'reviewer', 'administrator')),
  body uuid not null references records.record (id),
  unique (record, role, body)
);

-- Secrets and sessions are no records: nobody discusses them, and they never enter the history.
create table identity.secret (
  account uuid primary key references records.record (id),
  hash text not null,
  "changedAt" timestamptz not null,
  "mustChange" boolean not null default false
);

create table identity.session (
  id uuid primary key,
  -- SHA-256 of the token in the cookie: who reads the table cannot sign in with it.
  token text not null unique,
  account uuid not null references records.record (id),
  csrf text not null,
  "createdAt" timestamptz not null,
  "seenAt" timestamptz not null,
  "expiresAt" timestamptz not null,
  address text,
  "userAgent" text
);
create index "sessionByAccount" on identity.session (account);
create index "sessionByExpiry" on identity.session ("expiresAt");

-- The code the first administrator of a new city types in; gone once there is one.
create table identity."setupCode" (
  one boolean primary key default true check (one),
  code text not null,
  "createdAt" timestamptz not null
);
