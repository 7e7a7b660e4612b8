-- the newest message about one time of a caller's series: each of them counts its own SEQUENCE (RFC 5546 §2.1.4)
CREATE TABLE outside_mark (
  outside_id INTEGER NOT NULL REFERENCES outside_call (id),
  original INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (outside_id, original)
) STRICT;
