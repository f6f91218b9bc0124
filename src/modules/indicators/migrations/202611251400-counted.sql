-- What the roll-up of goals and the counts of what waits read, without the wide rest of the row.
drop index indicators."performanceResults";
create index "performanceResults" on indicators.performance (indicator) include (result, "relativeGap", "veryLateAfter", "targetDueOn", "nextDueOn",
    "nextTo", targets, points, "lacksUnit", "lacksDirection", "lacksGoal")
  where cell = '';
