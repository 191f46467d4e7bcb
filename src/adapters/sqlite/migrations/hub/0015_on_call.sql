-- How far an open case has gone through the steps of on call, and who takes care of it; NULL: nothing yet.
ALTER TABLE cases ADD COLUMN duty TEXT;
