-- Times are microseconds since 1970, UTC; spans are microseconds; words are those of the model.
-- Nested values (facts, lists, orders) are JSON, as the REST API writes them.

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: the audit trail names cases by number
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    device TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    severity INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_alert_at INTEGER NOT NULL,
    alert_count INTEGER NOT NULL,
    address TEXT,
    facts TEXT NOT NULL,
    responses TEXT NOT NULL, -- words with a space between them
    expires_at INTEGER,
    on_silence TEXT NOT NULL,
    on_silence_lasts INTEGER
) STRICT;
CREATE UNIQUE INDEX cases_open_about ON cases (device, kind, subject) WHERE state = 'open';
CREATE INDEX cases_about ON cases (device, kind, subject, id);
CREATE INDEX cases_by_state ON cases (state, id);
CREATE INDEX cases_silent ON cases (expires_at) WHERE state = 'open' AND expires_at IS NOT NULL;
CREATE INDEX cases_over ON cases (updated_at) WHERE state NOT IN ('open', 'decided');

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL UNIQUE REFERENCES cases (id), -- one answer a case
    response TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_channel TEXT NOT NULL,
    by_role TEXT NOT NULL,
    at INTEGER NOT NULL,
    lasts INTEGER,
    comment TEXT NOT NULL
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity INTEGER NOT NULL,
    at INTEGER NOT NULL,
    address TEXT,
    facts TEXT NOT NULL,
    case_id INTEGER REFERENCES cases (id), -- NULL: not filed yet
    UNIQUE (device, uid)
) STRICT;
CREATE INDEX alerts_by_case ON alerts (case_id, id);

CREATE TABLE actions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- agents remember the ids they have begun
    decision_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    device TEXT NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX actions_by_case ON actions (case_id);
CREATE INDEX actions_pending ON actions (device, id) WHERE state = 'pending';
CREATE INDEX actions_ending ON actions (expires_at) WHERE state = 'pending';

CREATE TABLE rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    name TEXT NOT NULL,
    params TEXT NOT NULL,
    desired TEXT, -- NULL: shall not be there
    current TEXT, -- NULL: is not there
    expires_at INTEGER,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL,
    case_id INTEGER NOT NULL, -- 0: not from a case; no reference, because rules outlive cases
    comment TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    connections_cut INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (device, name, params)
) STRICT;
CREATE UNIQUE INDEX rules_by_seq ON rules (device, seq);
-- what a device's report still has to settle or to remove
CREATE INDEX rules_unsettled ON rules (device, seq)
    WHERE desired IS NULL OR desired IS NOT current OR last_error <> '';
CREATE INDEX rules_ending ON rules (expires_at) WHERE desired IS NOT NULL AND expires_at IS NOT NULL;
CREATE INDEX rules_by_case ON rules (case_id) WHERE case_id <> 0;

-- The last change of each device, kept apart because the rule that made it may be gone by now: a device
-- that knows a greater number than its hub must be sure that the hub lost something.
CREATE TABLE rule_positions (
    device TEXT PRIMARY KEY,
    last_seq INTEGER NOT NULL
) STRICT;
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('rule_seq', 0);

-- The five columns that producers outside know: they write `new` and read `current`.
CREATE VIEW device_rules (device, name, params, current, new) AS
    SELECT device, name, params, current, desired FROM rules;

CREATE TABLE devices (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    last_seen INTEGER,
    applied_seq INTEGER NOT NULL,
    clock_offset INTEGER NOT NULL,
    protected_networks TEXT NOT NULL,
    watches TEXT NOT NULL,
    troubles TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    by_kind TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_channel TEXT NOT NULL,
    by_role TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_object ON audit (object, id);
CREATE INDEX audit_by_time ON audit (at);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    external_id TEXT NOT NULL,
    shown_version INTEGER NOT NULL,
    case_version INTEGER NOT NULL, -- copy of the case's version, so that stale copies have an index
    attempts INTEGER NOT NULL,
    sending_since INTEGER,
    next_try INTEGER,
    last_error TEXT NOT NULL,
    abandoned INTEGER NOT NULL,
    UNIQUE (case_id, channel, place)
) STRICT;
CREATE INDEX messages_by_place ON messages (channel, place);
CREATE INDEX messages_stale ON messages (channel, id)
    WHERE abandoned = 0 AND (external_id = '' OR shown_version < case_version);

CREATE TABLE tickets (
    ticket TEXT PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    response TEXT NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_by_case ON tickets (case_id);
CREATE INDEX tickets_by_place ON tickets (channel, place);

CREATE TABLE kept_values (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_by_time ON answers (at);
