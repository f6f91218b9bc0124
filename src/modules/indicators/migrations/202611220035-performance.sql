-- Derived results: rebuilt from records and rows at any time, never part of the history.

-- What follows from the series of an indicator. Nothing here depends on today: freshness is computed on reading from
-- the due days. `position` is the seal position the row was made from, `method` the version of the rules.
create table indicators.performance (
  indicator uuid not null references records.record (id),
  cell text not null,
  method integer not null,
  position bigint not null,
  -- How many targets were ever set, for any part.
  targets integer not null,
  points integer not null,
  counted integer not null,
  "latestFrom" date,
  "latestTo" date,
  "latestLabel" text,
  "latestValue" numeric,
  "latestStatus" text,
  result text not null check (result in ('met', 'missed', 'not-due', 'unknown')),
  reasons text[] not null,
  progress double precision,
  asked numeric,
  gap numeric,
  "relativeGap" double precision,
  target jsonb,
  "targetDueOn" date,
  "nextTarget" jsonb,
  "nextFrom" date,
  "nextTo" date,
  "nextLabel" text,
  "nextDueOn" date,
  "veryLateAfter" date,
  "stoppedAfter" date,
  reading text not null,
  signal text,
  side text check (side in ('high', 'low')),
  silence text,
  capability text not null,
  "falseAlarmRate" double precision not null,
  previous jsonb,
  "lastYear" jsonb,
  recent numeric[] not null,
  primary key (indicator, cell)
);
-- What the roll-up of goals reads, without the wide rest of the row.
create index "performanceResults" on indicators.performance (indicator) include (result, "relativeGap", "veryLateAfter", "targetDueOn", "nextDueOn")
  where cell = '';
create index "performanceByDueDay" on indicators.performance ("nextDueOn") where cell = '';

-- Which indicator measures which goal, directly or through the goals below it. `counted` is false for a breakdown whose
-- whole measures the same goal: a whole and its parts are never counted together.
create table indicators.serves (
  indicator uuid not null references records.record (id),
  goal uuid not null references records.record (id),
  direct boolean not null,
  counted boolean not null,
  primary key (goal, indicator)
);
create index "servesCounted" on indicators.serves (goal, indicator) where counted;
create index "servesByIndicator" on indicators.serves (indicator, goal);

-- The version of the rules that all rows above were made by.
create table indicators."performanceMethod" (
  one boolean primary key default true check (one),
  method integer not null,
  position bigint not null
);
