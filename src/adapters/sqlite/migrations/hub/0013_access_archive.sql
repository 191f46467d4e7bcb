-- Whether the record of a request is in the archive as it is now; a further line, or any change, takes it back.
ALTER TABLE access_requests ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
CREATE INDEX access_unarchived ON access_requests (ended_at) WHERE ended_at IS NOT NULL AND archived = 0;
