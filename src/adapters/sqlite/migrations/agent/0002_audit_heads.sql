-- What the hub once said was the newest row of its audit trail, so that it cannot take it back.
CREATE TABLE audit_heads (
    line INTEGER NOT NULL, -- another one begins where the hub contradicted what is kept
    hour INTEGER NOT NULL, -- since 1970, by this host's clock: of each hour the last one stays
    store TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (line, hour)
) STRICT, WITHOUT ROWID;
