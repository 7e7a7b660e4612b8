-- Meetings that somebody called by inviting a network from a calendar of their own, and which event of theirs each is.
CREATE TABLE outside_call (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  caller_id INTEGER NOT NULL REFERENCES person (id),
  case_id INTEGER REFERENCES cases (id),
  uid TEXT NOT NULL,
  organizer TEXT NOT NULL,
  invited TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (group_id, caller_id, uid)
) STRICT;

-- original: when the caller's calendar first said that this one begins, which is how it names one of a series
CREATE TABLE outside_time (
  meeting_id INTEGER PRIMARY KEY REFERENCES meeting (id),
  outside_id INTEGER NOT NULL REFERENCES outside_call (id),
  original INTEGER NOT NULL
) STRICT;
CREATE INDEX outside_time_of_call ON outside_time (outside_id);

-- files that came with the invitation and go on with ours
CREATE TABLE outside_file (
  outside_id INTEGER NOT NULL REFERENCES outside_call (id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (outside_id, number)
) STRICT;
