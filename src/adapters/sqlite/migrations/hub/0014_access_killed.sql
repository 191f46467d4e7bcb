-- Who has ended a request while its port was worked on; empty: nobody.
ALTER TABLE access_requests ADD COLUMN killed_by TEXT NOT NULL DEFAULT '';
