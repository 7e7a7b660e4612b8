-- Organisations: employers that take part, by the mail domains of their people.

CREATE TABLE organisation (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- a domain and all its parts belong to one organisation; the longest that fits decides
CREATE TABLE organisation_domain (
  domain TEXT PRIMARY KEY,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_of_organisation ON organisation_domain (organisation_id);

-- set by an operator; otherwise the domain of a proven address tells
ALTER TABLE person ADD COLUMN organisation_id INTEGER REFERENCES organisation (id);
