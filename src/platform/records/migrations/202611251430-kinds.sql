-- Counts over thousands of records of a kind ask for state, body, owner and audience only: with these in the index they need
-- not visit the table.
drop index records."recordByKind";
create index "recordByKind" on records.record (kind, id) include (state, organisation, owner, audience, "retiredAt");
