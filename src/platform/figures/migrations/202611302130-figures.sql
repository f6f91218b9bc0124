-- Figures: numbers that rooms compute about themselves. Derived, never part of the history of records.

create schema figures;

-- One row for each figure, method and day: the last measurement of a day stays. `position` is the seal position from
-- which it was measured.
create table figures.result (
  figure text not null,
  method integer not null,
  "asOf" date not null,
  position bigint not null,
  "measuredAt" timestamptz not null,
  -- Neither value nor counts if it could not be measured; the log says why.
  failed boolean not null default false,
  met bigint,
  "of" bigint,
  unknown bigint not null default 0,
  value numeric,
  query text,
  lacking text,
  primary key (figure, method, "asOf"),
  check (failed = ("of" is null))
);

-- The last seal position at which records of a kind changed: a figure is measured again if it reads a kind that changed.
create table figures.touched (
  kind text primary key,
  position bigint not null
);
