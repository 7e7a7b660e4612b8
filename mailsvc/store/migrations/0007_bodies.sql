-- Bodies that decide: whose vote an answer is, what stands on a group's digest, and when the next digest is due.

-- the person for whom a stand-in or a delegate answers
ALTER TABLE question ADD COLUMN behalf_id INTEGER REFERENCES person (id);

-- one person can be asked two different things in one case (a leader who is its proposer, too)
DROP INDEX question_once;
CREATE UNIQUE INDEX question_once ON question (case_id, person_id, kind) WHERE state = 'open';

-- matters that wait for a group's decision; they stand in its digests until they are settled
CREATE TABLE agenda (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  question TEXT NOT NULL,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  since INTEGER NOT NULL,
  not_before INTEGER NOT NULL DEFAULT 0,
  overdue_at INTEGER,
  settled_at INTEGER,
  PRIMARY KEY (case_id, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX agenda_waiting ON agenda (group_id) WHERE settled_at IS NULL;
CREATE INDEX agenda_settled ON agenda (group_id, settled_at) WHERE settled_at IS NOT NULL;

-- when the next digest of a group goes out; no row, nothing waits
CREATE TABLE digest_due (
  group_id INTEGER PRIMARY KEY REFERENCES groups (id),
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX digest_due_at ON digest_due (due_at);
