-- The spine: mail in, mail out, people, groups, cases. Ids are integers, *_at microseconds UTC, hashes blobs.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- the bytes of a message, written once and checked on reading; NULL = erased
CREATE TABLE raw (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB
) STRICT;

-- mail in: one row per SMTP transaction
CREATE TABLE mail (
  id INTEGER PRIMARY KEY,
  raw_id INTEGER NOT NULL REFERENCES raw (id),
  reverse_path TEXT NOT NULL,
  peer TEXT NOT NULL,
  helo TEXT NOT NULL,
  protocol TEXT NOT NULL,
  trusted INTEGER NOT NULL,
  internal INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  evidence TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

-- one unit of handling per recipient
CREATE TABLE inbox (
  id INTEGER PRIMARY KEY,
  mail_id INTEGER NOT NULL REFERENCES mail (id),
  recipient TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'handled', 'quarantined')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  handled_at INTEGER,
  UNIQUE (mail_id, recipient)
) STRICT;
CREATE INDEX inbox_due ON inbox (next_at) WHERE state = 'new';
CREATE INDEX inbox_again ON inbox (next_at) WHERE state = 'new' AND attempts > 0;
CREATE INDEX inbox_put_aside ON inbox (handled_at) WHERE state = 'quarantined';

CREATE TABLE seen (
  target TEXT NOT NULL,
  message_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  inbox_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (target, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);

-- people
CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  timezone TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  erased_at INTEGER
) STRICT;

CREATE TABLE address (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  is_primary INTEGER NOT NULL,
  verified_at INTEGER,
  bounce_score INTEGER NOT NULL DEFAULT 0,
  bounced_at INTEGER,
  state TEXT NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'disabled'))
) STRICT;
CREATE INDEX address_of_person ON address (person_id);

-- groups
CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  language TEXT NOT NULL,
  established_by INTEGER REFERENCES groups (id),
  post TEXT NOT NULL CHECK (post IN ('members', 'moderated', 'moderators', 'anyone')),
  "join" TEXT NOT NULL CHECK ("join" IN ('open', 'confirm', 'moderated', 'closed')),
  settings TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'resting', 'closed')),
  created_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;

CREATE TABLE membership (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  address_id INTEGER NOT NULL REFERENCES address (id),
  role TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'waiting')),
  delivery TEXT NOT NULL DEFAULT 'each',
  paused_until INTEGER,
  hidden INTEGER NOT NULL DEFAULT 0,
  own_copy INTEGER NOT NULL DEFAULT 1,
  posting TEXT NOT NULL DEFAULT 'normal' CHECK (posting IN ('normal', 'trusted', 'moderated')),
  joined_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX membership_once ON membership (group_id, person_id) WHERE ended_at IS NULL;
-- covers the fan-out INSERT … SELECT
CREATE INDEX membership_fanout ON membership (group_id, delivery, state, address_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX membership_of_person ON membership (person_id);
CREATE INDEX membership_of_address ON membership (address_id);

-- what moderators decided about senders who are not members
CREATE TABLE sender (
  group_id INTEGER NOT NULL REFERENCES groups (id),
  folded TEXT NOT NULL,
  posting TEXT NOT NULL CHECK (posting IN ('trusted', 'moderated', 'banned')),
  case_id INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY (group_id, folded)
) STRICT, WITHOUT ROWID;

-- cases: id is the #number, version the number of its last event
CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  data_version INTEGER NOT NULL,
  data TEXT NOT NULL,
  group_ref INTEGER,
  subject_ref TEXT NOT NULL DEFAULT '',
  started_by INTEGER,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;
CREATE INDEX cases_open ON cases (kind, group_ref, subject_ref) WHERE closed_at IS NULL;

-- append-only; ids and no names, a hash chain per case
CREATE TABLE event (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  actor_id INTEGER,
  inbox_id INTEGER,
  evidence TEXT NOT NULL,
  data TEXT NOT NULL,
  text_hash BLOB NOT NULL,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

-- what people wrote, apart so that it can be erased without breaking the chain
CREATE TABLE event_text (
  case_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  salt BLOB NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

-- what was applied already: a replay does nothing
CREATE TABLE event_key (
  key TEXT PRIMARY KEY,
  case_id INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE question (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  rule TEXT NOT NULL CHECK (rule IN ('first', 'collect')),
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed', 'void')),
  answer TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  asked_at INTEGER NOT NULL,
  answered_at INTEGER,
  inbox_id INTEGER
) STRICT;
CREATE UNIQUE INDEX question_once ON question (case_id, person_id) WHERE state = 'open';
CREATE INDEX question_waiting ON question (person_id) WHERE state = 'open';
CREATE INDEX question_of_case ON question (case_id);

-- mail out
CREATE TABLE outgoing (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('post', 'letter', 'forward')),
  cause_inbox_id INTEGER,
  case_id INTEGER,
  group_id INTEGER,
  message_id TEXT NOT NULL,
  source_raw_id INTEGER REFERENCES raw (id),
  composed_raw_id INTEGER REFERENCES raw (id),
  template TEXT NOT NULL DEFAULT '',
  data TEXT NOT NULL DEFAULT '{}',
  language TEXT NOT NULL DEFAULT '',
  sender TEXT NOT NULL CHECK (sender IN ('bounces', 'null')),
  shape TEXT NOT NULL DEFAULT 'personal' CHECK (shape IN ('personal', 'shared')),
  priority INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('composing', 'ready', 'done', 'paused')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outgoing_waiting ON outgoing (state, priority, id) WHERE state IN ('composing', 'ready');
CREATE INDEX outgoing_message_id ON outgoing (message_id) WHERE kind = 'letter';
CREATE INDEX outgoing_post ON outgoing (message_id) WHERE kind = 'post';
CREATE INDEX outgoing_of_case ON outgoing (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id),
  person_id INTEGER,
  membership_id INTEGER,
  address TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'delivered', 'failed', 'expired', 'suppressed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  reply TEXT NOT NULL DEFAULT '',
  final_at INTEGER,
  UNIQUE (outgoing_id, address)
) STRICT;
CREATE INDEX delivery_due ON delivery (outgoing_id, next_at) WHERE state = 'todo';
CREATE INDEX delivery_next ON delivery (next_at) WHERE state = 'todo';
CREATE INDEX delivery_person ON delivery (outgoing_id, person_id);

-- one letter to one person with one token; the table keeps only its hash
CREATE TABLE ask (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  outgoing_id INTEGER NOT NULL UNIQUE REFERENCES outgoing (id),
  nonce BLOB NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  issued_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'revoked'))
) STRICT;

CREATE TABLE ask_item (
  ask_id INTEGER NOT NULL REFERENCES ask (id),
  number INTEGER NOT NULL,
  question_id INTEGER NOT NULL REFERENCES question (id),
  PRIMARY KEY (ask_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX ask_item_question ON ask_item (question_id);

CREATE TABLE timer (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  name TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  for_version INTEGER NOT NULL,
  PRIMARY KEY (case_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due_at);

-- a tick of the clock happens once
CREATE TABLE slot (
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  done_at INTEGER NOT NULL,
  PRIMARY KEY (name, at)
) STRICT, WITHOUT ROWID;

-- limits survive restarts; keys are hashed addresses
CREATE TABLE rate (
  key TEXT NOT NULL,
  window_at INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (key, window_at)
) STRICT, WITHOUT ROWID;

-- the rehearsal: what would have been sent
CREATE TABLE mailroom (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL UNIQUE REFERENCES delivery (id),
  folded TEXT NOT NULL,
  reverse_path TEXT NOT NULL,
  bytes BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX mailroom_inbox ON mailroom (folded, id);
