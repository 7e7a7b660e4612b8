-- Who comes to a meeting instead of somebody who is invited, with the caller's yes (workflows/meeting/answering): they
-- are told of every change, and `seq_sent` is the highest SEQUENCE that their calendar has had. `waits`: the meeting was
-- moved, and whose place it is has been asked anew. `gone`: they come no more. All of it goes when the meeting is over.
CREATE TABLE meeting_stand_in (
  invitee_id INTEGER NOT NULL REFERENCES invitee (id),
  folded TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('comes', 'waits', 'gone')),
  seq_sent INTEGER NOT NULL,
  PRIMARY KEY (invitee_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_stand_in_folded ON meeting_stand_in (folded);
