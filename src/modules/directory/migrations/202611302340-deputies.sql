-- Who stands in for the holder of a post: a person, or whoever holds another post, for some time and for what.
create table directory.deputy (
  id uuid primary key,
  record uuid not null references records.record (id),
  deputy uuid not null references records.record (id),
  "from" date not null,
  "to" date,
  covers text not null check (covers in ('everything', 'sight')),
  unique (record, deputy, "from"),
  check ("to" is null or "to" > "from")
);
create index "deputyByDeputy" on directory.deputy (deputy);
