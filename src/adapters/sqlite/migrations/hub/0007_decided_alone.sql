-- What the agent did about an alert by itself, while the hub was out of reach; NULL: nothing.
ALTER TABLE alerts ADD COLUMN decided_policy TEXT;
ALTER TABLE alerts ADD COLUMN decided_at INTEGER;
ALTER TABLE alerts ADD COLUMN decided_lasts INTEGER; -- microseconds; NULL: until it is unset
