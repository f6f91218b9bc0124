-- The orders in which lists are read: by code, by the last change, by title as each reader sees it. Every one ends with the id,
-- as the cursor of a page does. The expressions are the ones that a list writes (`inLanguage` in columns.ts): the reader's
-- language, the other one, any. Not partial: what is retired is little, and a smaller index would draw other questions to it.
create index "recordByCode" on records.record (kind, code, id);
create index "recordByChange" on records.record (kind, "changedAt", id);
create index "recordByTitleEnglish" on records.record
  (kind, (coalesce(title->>'en', title->>'zh-Hans', title->>'und')), id);
create index "recordByTitleChinese" on records.record
  (kind, (coalesce(title->>'zh-Hans', title->>'en', title->>'und')), id);
