-- what of the notes only those get who were there
ALTER TABLE meeting_notes ADD COLUMN secret TEXT NOT NULL DEFAULT '';
