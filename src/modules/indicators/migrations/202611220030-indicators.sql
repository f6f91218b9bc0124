create schema indicators;

create sequence indicators."indicatorCode";
create table indicators.indicator (
  id uuid primary key references records.record (id),
  definition jsonb,
  "valueKind" text check ("valueKind" in ('count', 'sum', 'percent', 'rate', 'ratio', 'average', 'index', 'score', 'duration', 'level', 'money', 'done')),
  unit text,
  "unitLabel" jsonb,
  decimals integer,
  numerator jsonb,
  denominator jsonb,
  direction text check (direction in ('up', 'down', 'range', 'none', 'not-agreed')),
  "rangeLow" numeric,
  "rangeHigh" numeric,
  grain text check (grain in ('day', 'week', 'month', 'quarter', 'half-year', 'year', 'multi-year', 'custom')),
  "fiscalStartMonth" integer,
  "fiscalNamedBy" text check ("fiscalNamedBy" in ('start', 'end')),
  "publicationLagDays" integer,
  seasonal boolean,
  cumulative boolean,
  "rareEvents" boolean,
  "minimumCell" integer,
  "sourceText" jsonb,
  "sourceAddress" text,
  method jsonb,
  "libraryNumber" text,
  critical boolean,
  "breakdownOf" uuid references records.record (id),
  "breakdownCell" text
);
create index "indicatorByBreakdown" on indicators.indicator ("breakdownOf") where "breakdownOf" is not null;

create table indicators.measurement (
  id uuid primary key,
  record uuid not null references records.record (id),
  cell text not null,
  "from" date not null,
  "to" date not null,
  label text not null,
  value numeric,
  numerator numeric,
  denominator numeric,
  status text not null check (status in ('actual', 'provisional', 'estimated', 'annualised', 'year-to-date')),
  note jsonb,
  raw text,
  revision integer,
  unique (record, cell, "from", "to"),
  check ("to" > "from")
);

create table indicators.target (
  id uuid primary key,
  record uuid not null references records.record (id),
  cell text not null,
  "targetKind" text not null check ("targetKind" in ('reach', 'keep', 'range', 'change', 'change-percent', 'cumulative', 'done', 'comparator', 'gap')),
  "from" date not null,
  "dueOn" date,
  value numeric,
  low numeric,
  high numeric,
  base numeric,
  comparator text,
  "setOn" date not null,
  why jsonb,
  unique (record, cell, "targetKind", "from", "setOn")
);

create table indicators.break (
  id uuid primary key,
  record uuid not null references records.record (id),
  "on" date not null,
  "breakKind" text not null check ("breakKind" in ('definition', 'boundary', 'source', 'direction')),
  direction text check (direction in ('up', 'down', 'range', 'none', 'not-agreed')),
  "directionBefore" text check ("directionBefore" in ('up', 'down', 'range', 'none', 'not-agreed')),
  reason jsonb not null,
  unique (record, "on")
);
