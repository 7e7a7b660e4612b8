-- Posts that a member gets gathered, in one letter a day or a week: written with the post, taken away with the letter.
CREATE TABLE digest_post (
  group_id INTEGER NOT NULL REFERENCES groups (id),
  membership_id INTEGER NOT NULL REFERENCES membership (id),
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id),
  due_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, membership_id, outgoing_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_post_due ON digest_post (due_at);
