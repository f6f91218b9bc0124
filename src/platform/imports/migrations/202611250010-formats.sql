-- Files that say by themselves what they hold (content of a plan as JSON, StratML) need no mapping profile.
alter table imports.run add column format text;
