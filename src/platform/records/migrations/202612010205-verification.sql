-- What the nightly check of history and tables found; derived, the newest counts.
create table records.verification (
  at timestamptz primary key,
  whole boolean not null,
  position bigint not null,
  hash text not null,
  compared bigint not null,
  faults jsonb not null,
  differences jsonb not null
);
