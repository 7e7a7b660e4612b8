-- Posts that went out. The row is written with the post, by its numbers alone; thread, author, subject and beginning are
-- filled in a moment later, beside the writer (lists/archive), and only then is it 'kept' and shown. `removed`: its
-- author was erased, or the mail was; the row stays so that a link never means another post.
CREATE TABLE archive (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  raw_id INTEGER NOT NULL REFERENCES raw (id),
  inbox_id INTEGER NOT NULL REFERENCES inbox (id),
  message_id TEXT NOT NULL,
  author_id INTEGER,
  posted_at INTEGER NOT NULL,
  confidential INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'kept', 'removed')),
  thread_id INTEGER,
  author TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  beginning TEXT NOT NULL DEFAULT '',
  files INTEGER NOT NULL DEFAULT 0
) STRICT;
-- a post that goes out is in the first of these only
CREATE INDEX archive_new ON archive (id) WHERE state = 'new';
CREATE INDEX archive_posted ON archive (group_id, posted_at, id) WHERE state <> 'new';
CREATE INDEX archive_message ON archive (group_id, message_id) WHERE state <> 'new';
CREATE INDEX archive_thread ON archive (thread_id) WHERE state <> 'new';

-- The words of kept posts, as they are compared (lists.directory.searching); `who` is 1 for those of its author's name.
CREATE TABLE archive_word (
  group_id INTEGER NOT NULL,
  word TEXT NOT NULL,
  archive_id INTEGER NOT NULL REFERENCES archive (id),
  who INTEGER NOT NULL,
  PRIMARY KEY (group_id, word, archive_id)
) STRICT, WITHOUT ROWID;
