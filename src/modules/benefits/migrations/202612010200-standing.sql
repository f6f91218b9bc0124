-- How each benefit stands: derived from its rows, its indicators and the day, rebuilt at any time, never part of the history.
-- A benefit that indicators measure has a row for each of them and one for none: a reader is told by the first that they may
-- read.
create table benefits.standing (
  record uuid not null references records.record (id),
  place integer not null,
  -- The indicator; null: its own results.
  source uuid references records.record (id),
  -- The first day on which the same rows may say something else.
  until date not null,
  path text not null,
  promised numeric not null,
  "promisedSoFar" numeric not null,
  realized numeric,
  "runningCost" numeric,
  forecast numeric,
  cashed numeric,
  -- Is there a budget line of a past year that finance has not checked?
  unseen boolean not null,
  primary key (record, place)
);
create index "standingByPath" on benefits.standing (path, record);
create index "standingUnseen" on benefits.standing (record) where unseen;
create index "standingUntil" on benefits.standing (until);
