-- Time: who is away, who stands in, and what is told once a day.

-- read from an out-of-office mail; questions go on to the next in line
CREATE TABLE absence (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  until INTEGER NOT NULL,
  inbox_id INTEGER,
  noted_at INTEGER NOT NULL
) STRICT;

-- somebody answers for somebody else for a while
CREATE TABLE stand_in (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  stand_in_id INTEGER NOT NULL REFERENCES person (id),
  from_at INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX stand_in_of ON stand_in (person_id, until);

-- "already decided": gathered into one letter a day per person
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  case_id INTEGER NOT NULL REFERENCES cases (id),
  at INTEGER NOT NULL,
  told_at INTEGER,
  UNIQUE (person_id, case_id)
) STRICT;
CREATE INDEX notice_waiting ON notice (person_id) WHERE told_at IS NULL;
