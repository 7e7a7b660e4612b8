-- Who sends another invited person to a meeting instead (PARTSTAT=DELEGATED), by their places: if that one says no, who
-- sends them is asked again.
CREATE TABLE delegation (
  invitee_id INTEGER PRIMARY KEY REFERENCES invitee (id),
  delegate_id INTEGER NOT NULL REFERENCES invitee (id)
) STRICT;
CREATE INDEX delegation_to ON delegation (delegate_id);
