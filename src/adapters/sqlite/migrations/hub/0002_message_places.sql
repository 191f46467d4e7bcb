-- How far a place has been told everything: each open case up to this id has its message there. The search
-- for cases without a message begins behind it, not at the oldest open case.
CREATE TABLE message_places (
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    complete_up_to INTEGER NOT NULL,
    PRIMARY KEY (channel, place)
) STRICT, WITHOUT ROWID;

INSERT INTO message_places (channel, place, complete_up_to)
    SELECT p.channel, p.place,
        coalesce((SELECT min(c.id) - 1 FROM cases c WHERE c.state = 'open' AND NOT EXISTS
                     (SELECT 1 FROM messages m WHERE m.case_id = c.id AND m.channel = p.channel AND m.place = p.place)),
                 (SELECT max(id) FROM cases), 0)
    FROM (SELECT DISTINCT channel, place FROM messages) p;

-- Whatever makes a case want a message again takes the mark back.
CREATE TRIGGER case_reopened AFTER UPDATE OF state ON cases WHEN NEW.state = 'open' AND OLD.state <> 'open'
BEGIN
    UPDATE message_places SET complete_up_to = NEW.id - 1 WHERE complete_up_to >= NEW.id;
END;
CREATE TRIGGER message_moved AFTER UPDATE OF case_id, channel, place ON messages
BEGIN
    UPDATE message_places SET complete_up_to = OLD.case_id - 1
        WHERE channel = OLD.channel AND place = OLD.place AND complete_up_to >= OLD.case_id;
END;
CREATE TRIGGER message_removed AFTER DELETE ON messages
    WHEN (SELECT state FROM cases WHERE id = OLD.case_id) = 'open'
BEGIN
    UPDATE message_places SET complete_up_to = OLD.case_id - 1
        WHERE channel = OLD.channel AND place = OLD.place AND complete_up_to >= OLD.case_id;
END;
