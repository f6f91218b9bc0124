-- The pages of a record ask whether it waits to be published, and the check of the tables asks it of every record.
create index "publicationByRecord" on records.publication (record);
