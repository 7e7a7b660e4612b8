-- What could not be delivered: what the next server said at once, or a bounce that came back later, once for a copy.
-- `verdict` is what it says of the address: gone, refused (says nothing of it), later. `counted` is 1 where it counts
-- against the address. `inbox_id` is the bounce's mail.
CREATE TABLE bounce (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL UNIQUE REFERENCES delivery (id),
  outgoing_id INTEGER NOT NULL REFERENCES outgoing (id),
  address_id INTEGER,
  domain TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('gone', 'refused', 'later')),
  counted INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  text TEXT NOT NULL,
  inbox_id INTEGER REFERENCES inbox (id),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX bounce_outgoing ON bounce (outgoing_id, verdict);
CREATE INDEX bounce_address ON bounce (address_id);
CREATE INDEX bounce_at ON bounce (at);

-- A letter that only asks whether the address still takes mail: the first and the second one.
CREATE TABLE probe (
  address_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  outgoing_id INTEGER NOT NULL UNIQUE REFERENCES outgoing (id),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (address_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX address_bounced ON address (bounced_at) WHERE bounced_at IS NOT NULL;
CREATE INDEX delivery_lost ON delivery (outgoing_id) WHERE state IN ('failed', 'expired');
