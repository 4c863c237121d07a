-- The console: changes that two people make, values of policy, people who act for a supervisor, addresses.

-- Somebody proposes, somebody else decides. The table is the history; nothing but the decision is ever written to a row.
CREATE TABLE changes (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    unit_id UUID REFERENCES units (id),
    person_id UUID REFERENCES people (id),
    payload JSONB NOT NULL,
    replaces JSONB,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES people (id),
    proposed_at TIMESTAMPTZ NOT NULL,
    decided_by UUID REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    note TEXT
);
CREATE INDEX changes_by_time ON changes (proposed_at, id);
CREATE INDEX changes_by_state ON changes (state, proposed_at, id);

-- What an approved change set; the one that begins last holds, of equal ones the one that was approved last.
CREATE TABLE policy_values (
    change_id UUID NOT NULL PRIMARY KEY REFERENCES changes (id),
    name TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    valid_from DATE NOT NULL
);
CREATE INDEX policy_values_by_name ON policy_values (name, valid_from);

-- Acting: for somebody else, from a first to a last day.
ALTER TABLE role_assignments ADD COLUMN acting BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE role_assignments ADD COLUMN granted_by UUID REFERENCES people (id);
ALTER TABLE role_assignments ADD COLUMN change_id UUID REFERENCES changes (id);
CREATE INDEX role_assignments_by_giver ON role_assignments (granted_by);

ALTER TABLE incidents ADD COLUMN change_id UUID REFERENCES changes (id);

ALTER TABLE people ADD COLUMN email TEXT;
CREATE INDEX people_by_name ON people (name, id);

-- Who is where on a date, for many people at once.
CREATE INDEX rosters_by_end ON rosters (person_id, valid_to);
