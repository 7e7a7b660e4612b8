-- Meetings: what is called, every version of it that was sent, who is invited and what they say; dates to choose from.

-- its case follows it to its end; series_id is the same for the meetings of a series, NULL for one alone
CREATE TABLE meeting (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  case_id INTEGER REFERENCES cases (id),
  series_id INTEGER,
  uid TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('called', 'cancelled', 'held')),
  caller_id INTEGER REFERENCES person (id),
  title TEXT NOT NULL,
  starts INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  whole_day INTEGER NOT NULL DEFAULT 0,
  zone TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  agenda TEXT NOT NULL DEFAULT '',
  how TEXT NOT NULL DEFAULT '' CHECK (how IN ('', 'on-site', 'online', 'both')),
  capacity INTEGER NOT NULL DEFAULT 0,
  answer_by INTEGER,
  sequence INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  stamp INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX meeting_of_group ON meeting (group_id, starts);
CREATE INDEX meeting_of_case ON meeting (case_id);
CREATE INDEX meeting_of_series ON meeting (series_id) WHERE series_id IS NOT NULL;

-- a meeting as it was told at one time (JSON): letters that wait to be written say what was so when they were asked for
CREATE TABLE meeting_revision (
  meeting_id INTEGER NOT NULL REFERENCES meeting (id),
  revision INTEGER NOT NULL,
  data TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (meeting_id, revision)
) STRICT, WITHOUT ROWID;

-- key_of names the membership whose key is ORGANIZER; it stays the same when somebody leaves and comes back.
-- seq_sent is the highest SEQUENCE this calendar has had, seq_asked the one with which it was asked last.
-- mark_* say where the answer that counts stands among others (RFC 5546 §2.1.5).
CREATE TABLE invitee (
  id INTEGER PRIMARY KEY,
  meeting_id INTEGER NOT NULL REFERENCES meeting (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  membership_id INTEGER NOT NULL REFERENCES membership (id),
  key_of INTEGER NOT NULL REFERENCES membership (id),
  address TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'withdrawn')),
  silent INTEGER NOT NULL DEFAULT 0,
  seq_sent INTEGER NOT NULL DEFAULT 0,
  seq_asked INTEGER NOT NULL DEFAULT 0,
  partstat TEXT NOT NULL DEFAULT 'NEEDS-ACTION',
  mode TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'online', 'on-site')),
  comment TEXT NOT NULL DEFAULT '',
  guests INTEGER NOT NULL DEFAULT 0,
  answered_at INTEGER,
  answered_by TEXT NOT NULL DEFAULT '',
  mark_sequence INTEGER,
  mark_stamp INTEGER,
  mark_tie TEXT NOT NULL DEFAULT '',
  waiting_since INTEGER,
  told_at INTEGER,
  reminded_at INTEGER,
  present INTEGER,
  UNIQUE (meeting_id, person_id)
) STRICT;
CREATE INDEX invitee_of_person ON invitee (person_id);
CREATE INDEX invitee_of_membership ON invitee (membership_id);

-- what somebody says about one of the dates of a poll
CREATE TABLE date_choice (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  number INTEGER NOT NULL,
  answer TEXT NOT NULL CHECK (answer IN ('can', 'maybe', 'cannot')),
  comment TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  PRIMARY KEY (case_id, person_id, number)
) STRICT, WITHOUT ROWID;
