-- An agent's copy of what its hub wants of this host's rules of classes (src/store/held_classes.hpp). `hub_seq` are the
-- hub's numbers, `seq` this copy's own, which its reconciler goes by.
CREATE TABLE classes (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    shape TEXT NOT NULL, -- what the packed bytes mean
    source TEXT NOT NULL, -- of which store of the hub; empty: of none yet
    filling INTEGER NOT NULL, -- 1: a full set is not all here yet
    epoch INTEGER NOT NULL, -- of full sets
    last_seq INTEGER NOT NULL,
    last_quick INTEGER NOT NULL, -- the last of each lane
    last_bulk INTEGER NOT NULL,
    quick INTEGER NOT NULL, -- recorded by the reconciler
    bulk INTEGER NOT NULL,
    held_quick INTEGER NOT NULL, -- the hub's numbers: taken in
    held_bulk INTEGER NOT NULL,
    confirmed_quick INTEGER NOT NULL, -- and brought to the device
    confirmed_bulk INTEGER NOT NULL
) STRICT;

CREATE TABLE rules (
    class INTEGER NOT NULL,
    key BLOB NOT NULL,
    want BLOB, -- NULL: shall not be there
    seq INTEGER NOT NULL,
    lane INTEGER NOT NULL, -- 0 quick, 1 bulk
    hub_seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL, -- the last full set that it came with
    expires_at INTEGER,
    PRIMARY KEY (class, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rules_by_seq ON rules (class, lane, seq);
CREATE INDEX rules_ending ON rules (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX rules_unwanted ON rules (class, lane, seq) WHERE want IS NULL;

-- One row a page: where `seq` is recorded, the hub's number is confirmed.
CREATE TABLE marks (
    class INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hub_seq INTEGER NOT NULL,
    PRIMARY KEY (class, lane, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
    class INTEGER NOT NULL,
    key BLOB NOT NULL,
    seq INTEGER NOT NULL, -- 0: this host refused it at the door
    hub_seq INTEGER NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER,
    PRIMARY KEY (class, key)
) STRICT, WITHOUT ROWID;
