-- What an indicator lacks, beside its results: counting it over ten thousand of them reads one narrow table instead of three.
-- The rules have a new version, so that every row is made anew when a worker starts.
alter table indicators.performance
  add column "lacksUnit" boolean not null default true,
  add column "lacksDirection" boolean not null default true,
  add column "lacksGoal" boolean not null default true;
