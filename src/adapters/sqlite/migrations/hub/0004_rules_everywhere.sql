-- 1: wished for on every device, so that one which joins later gets it too.
ALTER TABLE rules ADD COLUMN everywhere INTEGER NOT NULL DEFAULT 0;
