-- Blocks that the agent decided on by itself while the hub was out of reach, until the hub has taken them over or refused them.
CREATE TABLE own_decisions (
    uid TEXT PRIMARY KEY, -- of the alert
    network TEXT NOT NULL,
    policy TEXT NOT NULL,
    at INTEGER NOT NULL,
    lasts INTEGER -- microseconds; NULL: until it is unset
) STRICT, WITHOUT ROWID;
CREATE INDEX own_decisions_by_network ON own_decisions (network);
