-- What people are told, written in the transaction of the deed, and what became of it on each channel.

-- about holds ids and times, never evidence; about_id is the id of what it is about, to call it off by.
CREATE TABLE notifications (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    about_id TEXT NOT NULL,
    about TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    cancelled_at INTEGER
) STRICT;
CREATE INDEX notifications_by_person ON notifications (person_id, created_at);
CREATE INDEX notifications_by_about ON notifications (about_id, kind);

-- One row a configured channel. Whoever sends it holds lease_id, and next_at is when that ends; else next_at is when it
-- is tried next. due_at is when it should have been sent.
CREATE TABLE notification_deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    notification_id BLOB NOT NULL REFERENCES notifications (id),
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_id BLOB,
    delivered_at INTEGER,
    dead_at INTEGER,
    last_error TEXT
) STRICT;
CREATE UNIQUE INDEX notification_deliveries_by_channel ON notification_deliveries (notification_id, channel);
CREATE INDEX notification_deliveries_waiting ON notification_deliveries (channel, next_at, id) WHERE state = 'waiting';
CREATE INDEX notification_deliveries_dead ON notification_deliveries (dead_at, id) WHERE state = 'dead';
