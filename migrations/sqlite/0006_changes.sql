-- The console: changes that two people make, values of policy, people who act for a supervisor, addresses.

-- Somebody proposes, somebody else decides. The table is the history; nothing but the decision is ever written to a row.
CREATE TABLE changes (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    unit_id BLOB REFERENCES units (id),
    person_id BLOB REFERENCES people (id),
    payload TEXT NOT NULL,
    replaces TEXT,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES people (id),
    proposed_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES people (id),
    decided_at INTEGER,
    note TEXT
) STRICT;
CREATE INDEX changes_by_time ON changes (proposed_at, id);
CREATE INDEX changes_by_state ON changes (state, proposed_at, id);

-- What an approved change set; the one that begins last holds, of equal ones the one that was approved last.
CREATE TABLE policy_values (
    change_id BLOB NOT NULL PRIMARY KEY REFERENCES changes (id),
    name TEXT NOT NULL,
    value REAL NOT NULL,
    valid_from TEXT NOT NULL
) STRICT;
CREATE INDEX policy_values_by_name ON policy_values (name, valid_from);

-- Acting: for somebody else, from a first to a last day.
ALTER TABLE role_assignments ADD COLUMN acting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE role_assignments ADD COLUMN granted_by BLOB REFERENCES people (id);
ALTER TABLE role_assignments ADD COLUMN change_id BLOB REFERENCES changes (id);
CREATE INDEX role_assignments_by_giver ON role_assignments (granted_by);

ALTER TABLE incidents ADD COLUMN change_id BLOB REFERENCES changes (id);

ALTER TABLE people ADD COLUMN email TEXT;
CREATE INDEX people_by_name ON people (name, id);

-- Who is where on a date, for many people at once.
CREATE INDEX rosters_by_end ON rosters (person_id, valid_to);
