-- The line of sight, lists and the gate find thousands of records by their id at a time: a hash index takes two pages for
-- each where the primary key takes four.
create index "recordByHash" on records.record using hash (id);
