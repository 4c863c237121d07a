PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'checkin','2026-11-22 06:14:30',1,X'69ab6cc8cada79c701501fa2029643e5e26ad080527ef658e03802ca6477ff1e3fcb5d6218af79c7a7c52ca7cd0ab142',4041862);
CREATE TABLE units (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id BLOB REFERENCES units (id),
    time_zone TEXT NOT NULL
) STRICT;
INSERT INTO units VALUES(X'01a201e453f6761cbb90a77e21cd7bca','DINAS','DINAS',NULL,'Asia/Makassar');
CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    nip TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id),
    active INTEGER NOT NULL,
    password_hash TEXT
) STRICT;
INSERT INTO people VALUES(X'01a201e453f67612bbe58b7b69d51fbf','1001','Dewi',X'01a201e453f6761cbb90a77e21cd7bca',1,'$argon2id$v=19$m=19456,t=2,p=1$j+EANAw9qMbjqSVC1+eChQ$mLDMNF3InsZoFmIUsirahtPM3+jMQHQHAbJVeXRNlAE');
CREATE TABLE role_assignments (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    unit_id BLOB REFERENCES units (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT
) STRICT;
INSERT INTO role_assignments VALUES(X'01a201e453f67b238af51948efbd6fe0',X'01a201e453f67612bbe58b7b69d51fbf','administrator',NULL,'2026-11-22',NULL);
CREATE TABLE schedules (
    id BLOB NOT NULL PRIMARY KEY,
    unit_id BLOB NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    weekdays INTEGER NOT NULL,
    opens_minute INTEGER NOT NULL,
    closes_minute INTEGER NOT NULL,
    grace_minutes INTEGER NOT NULL
) STRICT;
CREATE TABLE places (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    radius_m REAL NOT NULL,
    sigma_m REAL NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (person_id, kind, version)
) STRICT;
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE TABLE sign_in_throttles (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE challenges (
    token_sha256 BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    slot TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at INTEGER,
    spent_by BLOB
) STRICT;
CREATE TABLE checkins (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    work_date TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    timing TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    photo_sha256 BLOB NOT NULL,
    photo_bytes INTEGER NOT NULL,
    photo_type TEXT NOT NULL,
    photo_key TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL,
    receipt TEXT NOT NULL,
    entry_id BLOB NOT NULL
) STRICT;
CREATE TABLE evidence (
    checkin_id BLOB NOT NULL PRIMARY KEY REFERENCES checkins (id),
    photo TEXT NOT NULL,
    location TEXT NOT NULL,
    place_id BLOB REFERENCES places (id)
) STRICT;
CREATE TABLE findings (
    checkin_id BLOB NOT NULL REFERENCES checkins (id),
    ordinal INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    flags INTEGER NOT NULL,
    measured REAL,
    threshold REAL,
    unit_of_measure TEXT,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL,
    PRIMARY KEY (checkin_id, ordinal)
) STRICT;
CREATE TABLE presences (
    person_id BLOB NOT NULL REFERENCES people (id),
    work_date TEXT NOT NULL,
    slot TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id),
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    timing TEXT NOT NULL,
    first_received_at INTEGER NOT NULL,
    best_checkin_id BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    decision TEXT,
    PRIMARY KEY (person_id, work_date, slot)
) STRICT;
CREATE TABLE reviews (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    work_date TEXT NOT NULL,
    slot TEXT NOT NULL,
    state TEXT NOT NULL,
    urgency INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    claimed_by BLOB REFERENCES people (id),
    claim_expires_at INTEGER,
    decided_by BLOB REFERENCES people (id),
    decided_at INTEGER,
    decision TEXT,
    reason_code TEXT,
    note TEXT
) STRICT;
CREATE TABLE review_attempts (
    review_id BLOB NOT NULL REFERENCES reviews (id),
    checkin_id BLOB NOT NULL REFERENCES checkins (id),
    PRIMARY KEY (review_id, checkin_id)
) STRICT;
CREATE TABLE review_events (
    id BLOB NOT NULL PRIMARY KEY,
    review_id BLOB NOT NULL REFERENCES reviews (id),
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE TABLE log_entries (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    salt BLOB NOT NULL,
    record BLOB NOT NULL,
    entry_sha256 BLOB NOT NULL UNIQUE,
    leaf_index INTEGER UNIQUE
) STRICT;
CREATE INDEX units_by_parent ON units (parent_id);
CREATE INDEX people_by_unit ON people (unit_id);
CREATE INDEX role_assignments_by_person ON role_assignments (person_id);
CREATE INDEX schedules_by_unit ON schedules (unit_id, slot);
CREATE INDEX sessions_by_person ON sessions (person_id);
CREATE INDEX sign_in_throttles_by_update ON sign_in_throttles (updated_at);
CREATE INDEX challenges_by_person ON challenges (person_id, expires_at);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);
CREATE INDEX checkins_by_person ON checkins (person_id, received_at, id);
CREATE INDEX checkins_by_slot ON checkins (person_id, work_date, slot);
CREATE INDEX checkins_by_unit ON checkins (unit_id, work_date);
CREATE INDEX presences_by_unit ON presences (unit_id, work_date);
CREATE UNIQUE INDEX reviews_one_open_case ON reviews (person_id, work_date, slot) WHERE state = 'open';
CREATE INDEX reviews_queue ON reviews (state, work_date, urgency, opened_at, id);
CREATE INDEX review_attempts_by_checkin ON review_attempts (checkin_id);
CREATE UNIQUE INDEX review_events_by_review ON review_events (review_id, ordinal);
CREATE INDEX log_entries_by_time ON log_entries (recorded_at, id);
COMMIT;
