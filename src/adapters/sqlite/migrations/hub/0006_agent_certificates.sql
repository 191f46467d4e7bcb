CREATE TABLE agent_certificates (
    key TEXT PRIMARY KEY, -- fingerprint of the public key: what a connection shows
    device TEXT NOT NULL,
    serial TEXT NOT NULL,
    pem TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    first_used_at INTEGER,
    revoked_at INTEGER,
    revoked_because TEXT NOT NULL
) STRICT;
CREATE INDEX agent_certificates_by_device ON agent_certificates (device, issued_at);

CREATE TABLE enrolment_codes (
    hash TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    used_by TEXT NOT NULL
) STRICT;
CREATE INDEX enrolment_codes_ending ON enrolment_codes (expires_at);

-- a revoked device gives and gets nothing, and does not count
ALTER TABLE devices ADD COLUMN revoked_at INTEGER;
CREATE INDEX devices_revoked ON devices (name) WHERE revoked_at IS NOT NULL;
