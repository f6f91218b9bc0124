create schema if not exists trees;
create sequence trees."treeCode";
create table trees."tree" (
  id uuid primary key references records.record (id),
  "species" text,
  "plantedOn" date,
  "place" jsonb,
  "placeWest" numeric,
  "placeSouth" numeric,
  "placeEast" numeric,
  "placeNorth" numeric,
  "reason" jsonb
);
create table trees."girth" (
  id uuid primary key,
  record uuid not null references records.record (id),
  unique ("record", "on"),
  "on" date not null,
  "centimetres" numeric not null
);

create sequence trees."inspectionCode";
create table trees."inspection" (
  id uuid primary key references records.record (id),
  "tree" uuid references records.record (id),
  "dueOn" date,
  "heldOn" date,
  "verdict" text check ("verdict" in ('sound', 'prune', 'fell'))
);
create index "inspectionByTree" on trees."inspection" ("tree", id);
create index "inspectionByDueOn" on trees."inspection" ("dueOn", id);
