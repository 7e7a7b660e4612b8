-- An emergency stop of one group: its posts wait, those on their way out and those that come in.

ALTER TABLE groups ADD COLUMN held_at INTEGER;
