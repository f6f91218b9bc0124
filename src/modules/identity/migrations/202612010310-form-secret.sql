-- From this secret the tokens of forms for people who are not signed in are made; each installation has its own.
create table identity."formSecret" (
  one boolean primary key default true check (one),
  secret text not null
);
