-- Other names of groups: merged or renamed networks keep their addresses.

CREATE TABLE alias (
  name TEXT PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_of_group ON alias (group_id);
