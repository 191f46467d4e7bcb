-- Rules of configured classes, up to millions: lean tables of numbers and packed bytes (src/model/param_packing.hpp).
CREATE TABLE class_devices (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL -- of the device's changes
) STRICT;
CREATE TABLE class_names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Each class on each device. Positions: up to there everything of the lane is as it was wanted, but for what is in
-- class_refusals. So confirming a million rules writes one row.
CREATE TABLE class_positions (
    device INTEGER NOT NULL REFERENCES class_devices (id),
    class INTEGER NOT NULL REFERENCES class_names (id),
    wanted INTEGER NOT NULL, -- how many rules shall be there
    quick INTEGER NOT NULL,
    bulk INTEGER NOT NULL,
    PRIMARY KEY (device, class)
) STRICT, WITHOUT ROWID;

-- One row a rule. What is there now: `want` where the lane's position has reached `seq` and the device did not refuse
-- it, otherwise `have`, which the next change brings up to date.
CREATE TABLE class_rules (
    device INTEGER NOT NULL,
    class INTEGER NOT NULL,
    key BLOB NOT NULL,
    want BLOB, -- NULL: shall not be there
    have BLOB, -- NULL: is not there
    seq INTEGER NOT NULL,
    lane INTEGER NOT NULL, -- 0 quick, 1 bulk
    at INTEGER NOT NULL,
    change INTEGER NOT NULL, -- of class_changes; may be older than what is kept there
    expires_at INTEGER,
    PRIMARY KEY (device, class, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX class_rules_by_seq ON class_rules (device, class, lane, seq);
CREATE INDEX class_rules_ending ON class_rules (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX class_rules_unwanted ON class_rules (device, class, lane, seq) WHERE want IS NULL;

CREATE TABLE class_refusals (
    device INTEGER NOT NULL,
    class INTEGER NOT NULL,
    key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER, -- NULL: not before something else is wanted
    PRIMARY KEY (device, class, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE class_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    comment TEXT NOT NULL,
    what TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX class_changes_by_time ON class_changes (at);

-- What was wanted before; what is wanted now stands in class_rules alone, so that a million new rules have no history.
CREATE TABLE class_history (
    device INTEGER NOT NULL,
    class INTEGER NOT NULL,
    key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    want BLOB,
    at INTEGER NOT NULL,
    change INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    PRIMARY KEY (device, class, key, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX class_history_by_end ON class_history (ended);
