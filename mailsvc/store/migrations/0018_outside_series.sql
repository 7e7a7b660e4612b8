-- what the caller's calendar tells of a series whose times are called as they come nearer (JSON, see outside_series.py)
ALTER TABLE outside_call ADD COLUMN series TEXT NOT NULL DEFAULT '';
