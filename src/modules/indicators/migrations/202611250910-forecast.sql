-- What is to be expected of a series on its past pattern: derived, rebuilt at any time, never part of the history. Nothing
-- here depends on today: which period is looked at, and whether the values are too old, is decided on reading.

create table indicators.forecast (
  indicator uuid not null references records.record (id),
  cell text not null,
  method integer not null,
  position bigint not null,
  -- Form that foresaw best, 'walk' for a handful of values; null where nothing can be said.
  form text,
  seasonal boolean not null,
  counted integer not null,
  -- The calendar of the periods and the number of the first counted one in it: series of one rhythm are drawn together.
  rhythm text,
  "firstNumber" integer,
  "lastFrom" date,
  "lastTo" date,
  "lastLabel" text,
  -- One for each period to come: from, to, label, middle, lower, upper (8 in 10), innerLower, innerUpper (5 in 10).
  steps jsonb not null,
  -- Backtest: ranges tried, how many held, from how many earlier periods.
  tried integer not null,
  held integer not null,
  origins integer not null,
  -- Why no chance is given, whatever the period.
  withheld text[] not null,
  target jsonb,
  -- 'reach' looks at step `lookAt`, 'keep' at every step from `lookAt` through `lookThrough` (null = no end).
  look text check (look in ('reach', 'keep')),
  "lookAt" integer,
  "lookThrough" integer,
  -- For each scenario the first step at which the target is missed, 255 = never; see src/analysis/scenarios.ts.
  misses bytea,
  primary key (indicator, cell)
);

-- The version of the rules that all rows above were made by.
create table indicators."forecastMethod" (
  one boolean primary key default true check (one),
  method integer not null,
  position bigint not null
);
