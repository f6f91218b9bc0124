create schema directory;

create sequence directory."organisationCode";
create table directory.organisation (
  id uuid primary key references records.record (id),
  "organisationKind" text check ("organisationKind" in ('city', 'authority', 'department', 'agency', 'company', 'university', 'association', 'community', 'other')),
  sector text check (sector in ('public', 'private', 'voluntary')),
  parent uuid references records.record (id),
  "identityCode" text,
  "budgetCode" text,
  abbreviation text
);
create index "organisationByParent" on directory.organisation (parent) where parent is not null;

create sequence directory."personCode";
create table directory.person (
  id uuid primary key references records.record (id),
  email text
);

create sequence directory."postCode";
create table directory.post (
  id uuid primary key references records.record (id),
  unit jsonb
);

create table directory.holding (
  id uuid primary key,
  record uuid not null references records.record (id),
  person uuid not null references records.record (id),
  "from" date not null,
  "to" date,
  unique (record, person, "from"),
  check ("to" is null or "to" > "from")
);
create index "holdingByPerson" on directory.holding (person);

-- The city of this installation: one row, made when the first start is finished.
create table directory.city (
  one boolean primary key default true check (one),
  organisation uuid not null references records.record (id),
  "timeZone" text not null,
  language text not null,
  demo boolean not null default false
);
