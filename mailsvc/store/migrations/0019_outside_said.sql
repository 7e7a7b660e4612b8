-- what the caller's own calendar said last of one of its times (JSON), "" for what it said at first, "off" where it called
-- it off: what was changed by mail since stands in our meeting alone
ALTER TABLE outside_time ADD COLUMN said TEXT NOT NULL DEFAULT '';
