-- Around meetings: standing items, who introduces them, what stands on the agenda, and what was noted when they were over.

-- items that are on every agenda of a series, one in each line; those of the group come from its settings
ALTER TABLE meeting ADD COLUMN standing TEXT NOT NULL DEFAULT '';

-- who was asked to introduce a meeting; swapped: somebody else does it for them
CREATE TABLE introduction (
  meeting_id INTEGER NOT NULL REFERENCES meeting (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  state TEXT NOT NULL CHECK (state IN ('asked', 'yes', 'refused', 'swapped', 'silent', 'gone')),
  at INTEGER NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX introduction_of_person ON introduction (person_id);

-- what somebody wants on the agenda of a meeting; each one's last answer counts
CREATE TABLE meeting_item (
  meeting_id INTEGER NOT NULL REFERENCES meeting (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
) STRICT, WITHOUT ROWID;

-- every version of the notes of a meeting; confidential ones are shown only to those who were there
CREATE TABLE meeting_notes (
  id INTEGER PRIMARY KEY,
  meeting_id INTEGER NOT NULL REFERENCES meeting (id),
  person_id INTEGER REFERENCES person (id),
  text TEXT NOT NULL,
  confidential INTEGER NOT NULL DEFAULT 0,
  signed TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX meeting_notes_of_meeting ON meeting_notes (meeting_id);
