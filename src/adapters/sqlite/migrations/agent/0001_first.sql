-- Times are microseconds since 1970, UTC. Facts are JSON.

-- Alerts that the hub does not have yet.
CREATE TABLE spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity INTEGER NOT NULL,
    at INTEGER NOT NULL,
    address TEXT,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX spool_by_worth ON spool (severity, id); -- which alert makes room for another

CREATE TABLE rules (
    name TEXT NOT NULL,
    params TEXT NOT NULL,
    desired TEXT NOT NULL,
    expires_at INTEGER,
    seq INTEGER NOT NULL,
    PRIMARY KEY (name, params)
) STRICT, WITHOUT ROWID;
CREATE INDEX rules_ending ON rules (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE actions (
    id INTEGER PRIMARY KEY, -- the hub's
    begun_at INTEGER NOT NULL,
    begun_by INTEGER NOT NULL, -- which start of the agent: an older one's can no longer be under way
    finished_at INTEGER,
    state TEXT NOT NULL,
    result TEXT NOT NULL,
    acknowledged INTEGER NOT NULL
) STRICT;
CREATE INDEX actions_unreported ON actions (id) WHERE acknowledged = 0;

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('dropped', 0), ('rules_seq', 0), ('starts', 0);

CREATE TABLE kept_values (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
