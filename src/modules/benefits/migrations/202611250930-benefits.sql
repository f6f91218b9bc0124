create schema benefits;

create sequence benefits."benefitCode";
create table benefits.benefit (
  id uuid primary key references records.record (id),
  description jsonb,
  effect text check (effect in ('gain', 'loss')),
  "benefitType" text check ("benefitType" in ('cash-releasing', 'non-cash-releasing', 'income', 'cost-avoided', 'quantified', 'qualitative')),
  areas text[] check (areas <@ array['financial', 'service', 'economic', 'social', 'environmental']),
  plan uuid references records.record (id),
  unplanned boolean,
  "whoGains" jsonb,
  "outsideAuthority" boolean,
  "losingGroup" jsonb,
  recurrence text check (recurrence in ('one-off', 'recurring')),
  currency text,
  "priceBaseYear" integer,
  "unitLabel" jsonb,
  baseline numeric,
  "baselineOn" date,
  "startOn" date,
  "lagMonths" integer,
  "rampMonths" integer,
  "fullValue" numeric,
  "dueOn" date,
  counterfactual jsonb,
  attribution text check (attribution in ('contributed', 'attributable', 'not-assessed')),
  "attributionDesign" jsonb,
  settlement jsonb,
  "deliveredBy" uuid references records.record (id),
  "closedOn" date,
  "receivingPost" uuid references records.record (id),
  "measurementBudget" numeric,
  "trackUntil" date,
  "handedOverOn" date,
  validation jsonb,
  "sustainedBecause" jsonb,
  "disputeReason" jsonb,
  "missReason" jsonb,
  "dropReason" jsonb
);

create table benefits.path (
  id uuid primary key,
  record uuid not null references records.record (id),
  "from" date not null,
  "to" date not null,
  label text,
  value numeric not null,
  low numeric,
  high numeric,
  "runningCost" numeric,
  unique (record, "from", "to"),
  check ("to" > "from")
);

create table benefits.result (
  id uuid primary key,
  record uuid not null references records.record (id),
  "from" date not null,
  "to" date not null,
  label text,
  value numeric not null,
  low numeric,
  high numeric,
  "runningCost" numeric,
  status text not null check (status in ('actual', 'provisional', 'estimated')),
  "sourceText" jsonb,
  note jsonb,
  unique (record, "from", "to"),
  check ("to" > "from")
);

create table benefits.forecast (
  id uuid primary key,
  record uuid not null references records.record (id),
  "from" date not null,
  "to" date not null,
  label text,
  value numeric not null,
  low numeric,
  high numeric,
  "madeOn" date not null,
  note jsonb,
  unique (record, "from", "to"),
  check ("to" > "from")
);

create table benefits.budget (
  id uuid primary key,
  record uuid not null references records.record (id),
  "budgetCode" text not null,
  year integer not null,
  amount numeric not null,
  body uuid references records.record (id),
  unique (record, "budgetCode", year)
);

create table benefits.confirmation (
  id uuid primary key,
  record uuid not null references records.record (id),
  "budgetCode" text not null,
  year integer not null,
  verdict text not null check (verdict in ('confirmed', 'refused')),
  amount numeric not null,
  "confirmedOn" date not null,
  post uuid references records.record (id) not null,
  note jsonb,
  unique (record, "budgetCode", year)
);

create table benefits.claim (
  id uuid primary key,
  record uuid not null references records.record (id),
  indicator uuid references records.record (id) not null,
  baseline numeric not null,
  "baselineOn" date not null,
  movement numeric not null,
  "counterfactualChange" numeric not null,
  note jsonb,
  unique (record, indicator)
);

create sequence benefits."changeCode";
create table benefits.change (
  id uuid primary key references records.record (id),
  description jsonb,
  "whoChanges" jsonb,
  "adoptionMeasure" jsonb,
  "adoptionUnit" jsonb,
  "adoptionBaseline" numeric,
  "adoptionTarget" numeric,
  "dueOn" date,
  "dropReason" jsonb
);

create table benefits.adoption (
  id uuid primary key,
  record uuid not null references records.record (id),
  "on" date not null,
  value numeric not null,
  status text not null check (status in ('actual', 'provisional', 'estimated')),
  note jsonb,
  unique (record, "on")
);

create sequence benefits."enablerCode";
create table benefits.enabler (
  id uuid primary key references records.record (id),
  description jsonb,
  "enablerType" text check ("enablerType" in ('technology', 'data', 'building', 'people', 'rule', 'contract', 'money', 'other')),
  "dueOn" date,
  "dropReason" jsonb
);

create sequence benefits."reviewCode";
create table benefits.review (
  id uuid primary key references records.record (id),
  benefit uuid references records.record (id),
  "plannedOn" date,
  "heldOn" date,
  finding jsonb,
  decision text check (decision in ('continue', 'correct', 'replan', 'escalate', 'stop')),
  action jsonb,
  "actionDueOn" date,
  "actionDoneOn" date
);

create sequence benefits."frameworkCode";
create table benefits.framework (
  id uuid primary key references records.record (id),
  "versionLabel" text,
  "adoptedOn" date,
  "reviewOn" date,
  purpose jsonb,
  roles jsonb,
  categories jsonb,
  measuring jsonb,
  rhythm jsonb,
  "reviewEveryMonths" integer,
  "missedBelowPercent" integer,
  "escalateAfterDays" integer,
  "trackMonths" integer
);

create index "benefitByPlan" on benefits.benefit (plan) where plan is not null;
create index "benefitByReceivingPost" on benefits.benefit ("receivingPost") where "receivingPost" is not null;
create index "claimByIndicator" on benefits.claim (indicator);
create index "reviewByBenefit" on benefits.review (benefit, "plannedOn");
