-- An approval holds for what was approved: the version that the approver saw, and the change set that tells of it.
alter table records.publication add column version integer, add column "changeSet" uuid;
update records.publication p set version = r.version from records.record r where r.id = p.record;
alter table records.publication alter column version set not null;
