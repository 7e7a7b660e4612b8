-- What people choose for themselves over all their groups. my_week NULL: as the site does; calendar_turn rises when
-- somebody wants another secret address of their calendar; week_sent_at is the Monday whose letter they have got.
CREATE TABLE person_choice (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  my_week INTEGER,
  calendar_turn INTEGER NOT NULL DEFAULT 0,
  week_sent_at INTEGER
) STRICT;
