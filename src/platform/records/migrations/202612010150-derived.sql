-- By which version of the rules a derived table was made last; without a row it has never been made whole.
create table records.derived (
  name text primary key,
  method integer not null
);
