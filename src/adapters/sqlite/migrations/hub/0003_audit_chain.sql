-- Every row of the audit trail carries the hash of itself and of the row before: 32 bytes each. Rows that are
-- there already are numbered anew without gaps; the program chains them in the same transaction.
ALTER TABLE audit RENAME TO unchained_audit;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY, -- 1, 2, 3 … : the next one is always written as the last one's plus 1
    at INTEGER NOT NULL,
    by_kind TEXT NOT NULL,
    by_name TEXT NOT NULL,
    by_channel TEXT NOT NULL,
    by_role TEXT NOT NULL,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit
    SELECT row_number() OVER (ORDER BY id), at, by_kind, by_name, by_channel, by_role, verb, object, detail, x'', x''
    FROM unchained_audit;
DROP TABLE unchained_audit;
CREATE INDEX audit_by_object ON audit (object, id);
CREATE INDEX audit_by_time ON audit (at);
