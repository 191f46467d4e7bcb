-- What stands between a case and the world, as JSON: an answer that others must agree to, and a wide block that
-- ends by itself unless somebody confirms it.
ALTER TABLE cases ADD COLUMN proposal TEXT;
ALTER TABLE cases ADD COLUMN provisional TEXT;
ALTER TABLE cases ADD COLUMN unconfirmed_until INTEGER; -- of a provisional block that nobody has confirmed yet
CREATE INDEX cases_unconfirmed ON cases (unconfirmed_until) WHERE unconfirmed_until IS NOT NULL;

-- What a policy did, so that it can be counted and taken back.
CREATE INDEX decisions_of_policy ON decisions (by_name, at, id) WHERE by_kind = 'policy';

-- Whether people wanted the block too: then it is not taken back with what a policy did.
ALTER TABLE rules ADD COLUMN wanted_by_people INTEGER NOT NULL DEFAULT 0;

-- Who is logged in over SSH: "USER ADDRESS" each, a list in JSON.
ALTER TABLE devices ADD COLUMN logins TEXT NOT NULL DEFAULT '[]';
