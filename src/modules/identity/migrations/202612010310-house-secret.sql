-- Random, per installation, in the schema that no archive holds: signs forms of people who are not signed in, and devices.
create table commonweal."houseSecret" (
  one boolean primary key default true check (one),
  secret text not null
);
