-- Places with a life of their own. Coordinates are sealed by the program: what is moved here as plain text it seals at its next start.

ALTER TABLE places ADD COLUMN shape BLOB NOT NULL DEFAULT x'';
ALTER TABLE places ADD COLUMN cell_key BLOB;
ALTER TABLE places ADD COLUMN request_id BLOB;
UPDATE places SET shape = CAST(json_object('shape', 'circle', 'center',
    json_object('latitude', latitude, 'longitude', longitude), 'radius_m', radius_m) AS BLOB);
ALTER TABLE places DROP COLUMN latitude;
ALTER TABLE places DROP COLUMN longitude;
ALTER TABLE places DROP COLUMN radius_m;
CREATE INDEX places_by_cell ON places (cell_key);

-- Where the office of a unit stands; it is no secret.
ALTER TABLE units ADD COLUMN office_latitude REAL;
ALTER TABLE units ADD COLUMN office_longitude REAL;

-- Named areas, such as sub-districts, so that an approver reads a name instead of a position.
CREATE TABLE areas (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    south REAL NOT NULL,
    west REAL NOT NULL,
    north REAL NOT NULL,
    east REAL NOT NULL,
    rings TEXT NOT NULL
) STRICT;
CREATE INDEX areas_by_south ON areas (south, north);

-- Readings a person takes at home, to register it from.
CREATE TABLE home_readings (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    work_date TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    accuracy_m REAL NOT NULL,
    sealed BLOB NOT NULL,
    request_id BLOB
) STRICT;
CREATE INDEX home_readings_by_person ON home_readings (person_id, taken_at);

-- Somebody asks for a place; somebody else decides.
CREATE TABLE place_requests (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES people (id),
    requested_at INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    reason_code TEXT NOT NULL,
    reference TEXT,
    note TEXT,
    shape BLOB NOT NULL,
    cell_key BLOB,
    sigma_m REAL NOT NULL,
    readings INTEGER NOT NULL,
    days INTEGER NOT NULL,
    spread_m REAL,
    decided_by BLOB REFERENCES people (id),
    decided_at INTEGER,
    decision_note TEXT,
    place_id BLOB REFERENCES places (id)
) STRICT;
CREATE INDEX place_requests_by_person ON place_requests (person_id, requested_at);
CREATE INDEX place_requests_by_state ON place_requests (state, requested_at, id);
-- At most one home waits for a decision.
CREATE UNIQUE INDEX place_requests_pending_home ON place_requests (person_id) WHERE state = 'pending' AND kind = 'home';

-- What a phone said of where it was, sealed; beside it what can be compared without opening.
CREATE TABLE positions (
    checkin_id BLOB NOT NULL PRIMARY KEY REFERENCES checkins (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    work_date TEXT NOT NULL,
    slot TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    fix_key BLOB,
    point_key BLOB,
    accuracy_m REAL,
    plain INTEGER NOT NULL,
    on_home_point INTEGER NOT NULL
) STRICT;
CREATE INDEX positions_by_fix ON positions (fix_key);
CREATE INDEX positions_by_person ON positions (person_id, received_at);

INSERT INTO positions (checkin_id, person_id, work_date, slot, received_at, sealed, accuracy_m, plain, on_home_point)
    SELECT c.id, c.person_id, c.work_date, c.slot, c.received_at, CAST(json_object('request', c.request,
            'chosen', json_extract(e.location, '$.chosen'), 'basis', json_extract(e.location, '$.basis'),
            'camera', json_extract(e.photo, '$.exif.position')) AS BLOB),
        json_extract(e.location, '$.chosen.accuracy_m'), 0, 0
    FROM checkins c JOIN evidence e ON e.checkin_id = c.id;
UPDATE evidence SET
    location = json_remove(json_set(location, '$.accuracy_m', json_extract(location, '$.chosen.accuracy_m'),
        '$.fixes', json_array_length(location, '$.reported')), '$.reported', '$.chosen'),
    photo = json_remove(photo, '$.exif.position');
ALTER TABLE checkins DROP COLUMN request;
