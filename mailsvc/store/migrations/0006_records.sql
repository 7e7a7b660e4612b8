-- Records: the number a matter has in the organisation's register, what was sent there, what must be kept, what was
-- removed on whose decision, and the erasing of people, which goes on in steps.

ALTER TABLE cases ADD COLUMN record_number TEXT NOT NULL DEFAULT '';
-- whose words, and what a mail made happen: a person may ask for both, and for their end
CREATE INDEX event_of_actor ON event (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX event_of_inbox ON event (inbox_id) WHERE inbox_id IS NOT NULL;
CREATE INDEX cases_closed ON cases (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE record_export (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  outgoing_id INTEGER REFERENCES outgoing (id),
  address TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX record_export_of_case ON record_export (case_id);
CREATE INDEX record_export_at ON record_export (at);

-- nothing of these matters is removed, whatever their class or whoever asks
CREATE TABLE legal_hold (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- what was removed when its time was over: the class and the decision that allowed it
CREATE TABLE disposal (
  case_id INTEGER PRIMARY KEY REFERENCES cases (id),
  class TEXT NOT NULL,
  decision TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX disposal_at ON disposal (at);

-- a person who is being erased: addresses and names (JSON) only until everything is gone through
CREATE TABLE erasure (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  words TEXT NOT NULL,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  next_mail INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL,
  told_at INTEGER,
  next_at INTEGER,
  done_at INTEGER
) STRICT;
CREATE INDEX erasure_due ON erasure (next_at) WHERE next_at IS NOT NULL;

-- which mails were the person's, so that what hangs on them can be removed when it is sent
CREATE TABLE erasure_mail (
  person_id INTEGER NOT NULL REFERENCES person (id),
  mail_id INTEGER NOT NULL REFERENCES mail (id),
  PRIMARY KEY (person_id, mail_id)
) STRICT, WITHOUT ROWID;
