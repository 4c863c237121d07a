-- People, places, the working day, check-ins and their evidence, reviews, the log.
-- The twin file of the other engine has the same tables, columns, keys and indexes; a test compares them.

CREATE TABLE units (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id UUID REFERENCES units (id),
    time_zone TEXT NOT NULL
);
CREATE INDEX units_by_parent ON units (parent_id);

CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    nip TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id UUID NOT NULL REFERENCES units (id),
    active BOOLEAN NOT NULL,
    password_hash TEXT
);
CREATE INDEX people_by_unit ON people (unit_id);

CREATE TABLE role_assignments (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    unit_id UUID REFERENCES units (id),
    valid_from DATE NOT NULL,
    valid_to DATE
);
CREATE INDEX role_assignments_by_person ON role_assignments (person_id);

-- One row is one slot of one unit for a range of dates. Minutes count from local midnight.
-- weekdays: bit 0 is Monday, bit 6 is Sunday.
CREATE TABLE schedules (
    id UUID NOT NULL PRIMARY KEY,
    unit_id UUID NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    weekdays BIGINT NOT NULL,
    opens_minute BIGINT NOT NULL,
    closes_minute BIGINT NOT NULL,
    grace_minutes BIGINT NOT NULL
);
CREATE INDEX schedules_by_unit ON schedules (unit_id, slot);

-- Versions are never changed, except that the end of one is set when the next begins.
CREATE TABLE places (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    radius_m DOUBLE PRECISION NOT NULL,
    sigma_m DOUBLE PRECISION NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, kind, version)
);

-- One sign-in and its refreshes. The refresh token of a generation is computed, not stored.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    generation BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    rotated_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX sessions_by_person ON sessions (person_id);

CREATE TABLE sign_in_throttles (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_throttles_by_update ON sign_in_throttles (updated_at);

CREATE TABLE challenges (
    token_sha256 BYTEA NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    slot TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ,
    spent_by UUID
);
CREATE INDEX challenges_by_person ON challenges (person_id, expires_at);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

-- Immutable once recorded. receipt and request are kept byte by byte.
CREATE TABLE checkins (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    work_date DATE NOT NULL,
    attempt BIGINT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    timing TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    photo_sha256 BYTEA NOT NULL,
    photo_bytes BIGINT NOT NULL,
    photo_type TEXT NOT NULL,
    photo_key TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL,
    receipt TEXT NOT NULL,
    entry_id UUID NOT NULL
);
CREATE INDEX checkins_by_person ON checkins (person_id, received_at, id);
CREATE INDEX checkins_by_slot ON checkins (person_id, work_date, slot);
CREATE INDEX checkins_by_unit ON checkins (unit_id, work_date);

CREATE TABLE evidence (
    checkin_id UUID NOT NULL PRIMARY KEY REFERENCES checkins (id),
    photo JSONB NOT NULL,
    location JSONB NOT NULL,
    place_id UUID REFERENCES places (id)
);

CREATE TABLE findings (
    checkin_id UUID NOT NULL REFERENCES checkins (id),
    ordinal BIGINT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    flags BOOLEAN NOT NULL,
    measured DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    unit_of_measure TEXT,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL,
    PRIMARY KEY (checkin_id, ordinal)
);

CREATE TABLE presences (
    person_id UUID NOT NULL REFERENCES people (id),
    work_date DATE NOT NULL,
    slot TEXT NOT NULL,
    unit_id UUID NOT NULL REFERENCES units (id),
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    timing TEXT NOT NULL,
    first_received_at TIMESTAMPTZ NOT NULL,
    best_checkin_id UUID NOT NULL,
    attempts BIGINT NOT NULL,
    decision TEXT,
    PRIMARY KEY (person_id, work_date, slot)
);
CREATE INDEX presences_by_unit ON presences (unit_id, work_date);

-- urgency: 0 is worst.
CREATE TABLE reviews (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    work_date DATE NOT NULL,
    slot TEXT NOT NULL,
    state TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    claimed_by UUID REFERENCES people (id),
    claim_expires_at TIMESTAMPTZ,
    decided_by UUID REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    decision TEXT,
    reason_code TEXT,
    note TEXT
);
CREATE UNIQUE INDEX reviews_one_open_case ON reviews (person_id, work_date, slot) WHERE state = 'open';
CREATE INDEX reviews_queue ON reviews (state, work_date, urgency, opened_at, id);

CREATE TABLE review_attempts (
    review_id UUID NOT NULL REFERENCES reviews (id),
    checkin_id UUID NOT NULL REFERENCES checkins (id),
    PRIMARY KEY (review_id, checkin_id)
);
CREATE INDEX review_attempts_by_checkin ON review_attempts (checkin_id);

-- Only ever appended to.
CREATE TABLE review_events (
    id UUID NOT NULL PRIMARY KEY,
    review_id UUID NOT NULL REFERENCES reviews (id),
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor_id UUID REFERENCES people (id),
    at TIMESTAMPTZ NOT NULL,
    detail JSONB NOT NULL
);
CREATE UNIQUE INDEX review_events_by_review ON review_events (review_id, ordinal);

-- entry_sha256 = SHA-256(domain || kind || salt || record); leaf_index is given after the commit.
CREATE TABLE log_entries (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    salt BYTEA NOT NULL,
    record BYTEA NOT NULL,
    entry_sha256 BYTEA NOT NULL UNIQUE,
    leaf_index BIGINT UNIQUE
);
CREATE INDEX log_entries_by_time ON log_entries (recorded_at, id);
