-- The register can be sorted by the day on which a benefit is due in full, and shows it in a calendar.
create index "benefitByDueDay" on benefits.benefit ("dueOn", id);
