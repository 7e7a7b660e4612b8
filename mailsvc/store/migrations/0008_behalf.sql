-- whoever stands in for somebody can be asked the same question twice: for themselves, and for the other
DROP INDEX question_once;
CREATE UNIQUE INDEX question_once ON question (case_id, person_id, kind, coalesce(behalf_id, 0)) WHERE state = 'open';
