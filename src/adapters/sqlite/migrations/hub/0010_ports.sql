-- How the open ports of each host stand against the specification (src/model/host_ports.hpp).
CREATE TABLE port_hosts (
    host TEXT PRIMARY KEY,
    addresses TEXT NOT NULL,
    answer TEXT NOT NULL,
    open TEXT NOT NULL,
    open_udp TEXT NOT NULL,
    scanned_at INTEGER,
    next_at INTEGER NOT NULL,
    drift TEXT NOT NULL, -- missing/unexpected/missing of UDP/unexpected of UDP
    since INTEGER,
    place TEXT NOT NULL,
    suspected TEXT,
    unknown_scans INTEGER NOT NULL,
    unknown_since INTEGER,
    why TEXT NOT NULL,
    told TEXT,
    told_unknown INTEGER NOT NULL,
    muted_until INTEGER,
    applied INTEGER NOT NULL,
    applied_unknown INTEGER NOT NULL,
    accepted TEXT NOT NULL,
    accepted_for TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE port_events (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL
) STRICT;
CREATE INDEX port_events_by_host ON port_events (host, id);
CREATE INDEX port_events_by_time ON port_events (at);
