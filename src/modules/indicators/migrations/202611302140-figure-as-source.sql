-- An indicator may take its values from a figure of a room.
alter table indicators.indicator add column figure text;

-- What the figure gave for each closed period, and from which records: a value of the indicator that still equals it and
-- is provisional follows the records; one that a person confirmed or replaced does not. Derived, like performance.
create table indicators.brought (
  indicator uuid not null references records.record (id),
  "from" date not null,
  "to" date not null,
  figure text not null,
  method integer not null,
  position bigint not null,
  "broughtAt" timestamptz not null,
  -- nothing: there were no such records; unknown: it could not be measured.
  state text not null check (state in ('value', 'nothing', 'unknown')),
  value numeric,
  met bigint,
  "of" bigint,
  query text,
  primary key (indicator, "from", "to"),
  check ((state = 'value') = (value is not null))
);
