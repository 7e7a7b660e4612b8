-- One answer of many: the question of one person, and the few who wait for a seat, without looking at everybody invited.
CREATE INDEX question_of_person ON question (case_id, person_id, kind);
CREATE INDEX invitee_waiting ON invitee (meeting_id, waiting_since) WHERE waiting_since IS NOT NULL;
