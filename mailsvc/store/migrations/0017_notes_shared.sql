-- when a version of the notes went to the members: what still has to be signed nobody else reads
ALTER TABLE meeting_notes ADD COLUMN shared_at INTEGER;
UPDATE meeting_notes SET shared_at = at WHERE meeting_id NOT IN (
  SELECT CAST(substr(subject_ref, length('notes:') + 1) AS INTEGER) FROM cases
  WHERE kind = 'meeting-notes' AND state = 'signing' AND closed_at IS NULL
);
