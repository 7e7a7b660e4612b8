-- What the last Monday letter told somebody of (`question:5 meeting:3:0`), so that no reminder of it follows in its week.
ALTER TABLE person_choice ADD COLUMN week_told TEXT NOT NULL DEFAULT '';
