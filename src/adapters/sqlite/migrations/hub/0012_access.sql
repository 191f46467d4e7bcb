-- Access for new devices (src/model/access_request.hpp) and letters that wait (src/model/queued_letter.hpp).
CREATE TABLE access_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: people name requests by it
    mac TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    approver TEXT NOT NULL,
    channel TEXT NOT NULL,
    proof TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    letter TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    ended_at INTEGER,
    code_digest TEXT NOT NULL,
    code_expires INTEGER,
    code_wrong INTEGER NOT NULL,
    switch_name TEXT NOT NULL,
    port TEXT NOT NULL,
    seen_at INTEGER,
    next_try INTEGER,
    tries INTEGER NOT NULL,
    journal TEXT NOT NULL,
    outcome TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX access_open_mac ON access_requests (mac) WHERE state IN ('confirming', 'waiting', 'working');
CREATE INDEX access_by_mac ON access_requests (mac);
CREATE INDEX access_by_state ON access_requests (state);
CREATE INDEX access_by_switch ON access_requests (switch_name, state);
CREATE INDEX access_ended ON access_requests (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE access_log (
    id INTEGER PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES access_requests (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX access_log_of ON access_log (request);

CREATE TABLE access_surveys (
    request INTEGER NOT NULL REFERENCES access_requests (id),
    switch_name TEXT NOT NULL,
    asked_at INTEGER,
    ports TEXT NOT NULL,
    error TEXT NOT NULL,
    cleared INTEGER NOT NULL,
    next_try INTEGER,
    due INTEGER NOT NULL, -- there is something left to do, and the request wants it
    PRIMARY KEY (request, switch_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_surveys_due ON access_surveys (switch_name, request) WHERE due = 1;

CREATE TABLE access_used (
    scope TEXT NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_used_by_time ON access_used (at);

CREATE TABLE queued_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the audit trail names letters by number
    to_address TEXT NOT NULL,
    language TEXT NOT NULL,
    words TEXT NOT NULL,
    facts TEXT NOT NULL,
    appended TEXT NOT NULL,
    about TEXT NOT NULL,
    answers TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    next_try INTEGER,
    tries INTEGER NOT NULL,
    last_error TEXT NOT NULL
) STRICT;
CREATE INDEX letters_open ON queued_letters (id) WHERE state IN ('waiting', 'sending');
CREATE INDEX letters_over ON queued_letters (created_at) WHERE state IN ('sent', 'given_up');
CREATE INDEX letters_about ON queued_letters (about);
CREATE INDEX letters_to ON queued_letters (to_address, created_at);
