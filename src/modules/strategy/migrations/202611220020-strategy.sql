create schema strategy;

create sequence strategy."planCode";
create table strategy.plan (
  id uuid primary key references records.record (id),
  summary jsonb,
  "from" date,
  "to" date,
  levels jsonb,
  check ("to" is null or "from" is null or "to" > "from")
);

create sequence strategy."visionCode";
create table strategy.vision (
  id uuid primary key references records.record (id),
  plan uuid references records.record (id),
  "versionLabel" text,
  "adoptedOn" date,
  "reviewOn" date
);

create sequence strategy."sentenceCode";
create table strategy.sentence (
  id uuid primary key references records.record (id),
  vision uuid references records.record (id),
  position integer,
  replaces uuid references records.record (id)
);
create index "sentenceByVision" on strategy.sentence (vision, position);

create sequence strategy."outcomeCode";
create table strategy.outcome (
  id uuid primary key references records.record (id),
  description jsonb,
  plan uuid references records.record (id),
  rule text check (rule in ('all', 'some', 'headline')),
  "ruleCount" integer,
  "headlineIndicator" uuid references records.record (id),
  headline boolean,
  categories uuid[]
);
create index "outcomeByPlan" on strategy.outcome (plan);

create sequence strategy."objectiveCode";
create table strategy.objective (
  id uuid primary key references records.record (id),
  description jsonb,
  plan uuid references records.record (id),
  level integer,
  categories uuid[]
);
create index "objectiveByPlan" on strategy.objective (plan, level);

create sequence strategy."commitmentCode";
create table strategy.commitment (
  id uuid primary key references records.record (id),
  description jsonb,
  "dueOn" date,
  "keptOn" date
);

create sequence strategy."frameCode";
create table strategy.frame (
  id uuid primary key references records.record (id),
  edition text,
  note jsonb,
  axes jsonb
);

create sequence strategy."categoryCode";
create table strategy.category (
  id uuid primary key references records.record (id),
  frame uuid references records.record (id),
  axis integer,
  notation text,
  position integer
);
create index "categoryByFrame" on strategy.category (frame, axis, position);
