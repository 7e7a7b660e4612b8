-- The directory: when an entry changed, documents of groups, and who is logged in to look at them.

CREATE TABLE group_entry (
  group_id INTEGER PRIMARY KEY REFERENCES groups (id),
  changed_at INTEGER NOT NULL,
  confirmed_at INTEGER
) STRICT;

-- a document keeps its id through its versions; removed ones keep the row, and their bytes go
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  look_again TEXT NOT NULL DEFAULT '',
  outdated INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX document_named ON document (group_id, folded) WHERE removed_at IS NULL;

-- what was sent in: of a version, or still waiting for a yes; bytes are the last column, so that scans stay small
CREATE TABLE document_file (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  document_id INTEGER REFERENCES document (id),
  version INTEGER,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  person_id INTEGER REFERENCES person (id),
  inbox_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  bytes BLOB,
  UNIQUE (document_id, version)
) STRICT;
CREATE INDEX document_file_of_person ON document_file (person_id) WHERE person_id IS NOT NULL;

-- somebody asked for a login, known or not: answered beside the page, so that its time tells nothing
CREATE TABLE login_request (
  id INTEGER PRIMARY KEY,
  folded TEXT NOT NULL,
  language TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- a mailed code, good once; the table keeps only its hash
CREATE TABLE login_code (
  hash BLOB PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX login_code_of_person ON login_code (person_id);

CREATE TABLE web_session (
  hash BLOB PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_of_person ON web_session (person_id);
