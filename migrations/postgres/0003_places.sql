-- Places with a life of their own. Coordinates are sealed by the program: what is moved here as plain text it seals at its next start.

ALTER TABLE places ADD COLUMN shape BYTEA NOT NULL DEFAULT '';
ALTER TABLE places ADD COLUMN cell_key BYTEA;
ALTER TABLE places ADD COLUMN request_id UUID;
UPDATE places SET shape = convert_to(json_build_object('shape', 'circle', 'center',
    json_build_object('latitude', latitude, 'longitude', longitude), 'radius_m', radius_m)::text, 'UTF8');
ALTER TABLE places DROP COLUMN latitude;
ALTER TABLE places DROP COLUMN longitude;
ALTER TABLE places DROP COLUMN radius_m;
CREATE INDEX places_by_cell ON places (cell_key);

-- Where the office of a unit stands; it is no secret.
ALTER TABLE units ADD COLUMN office_latitude DOUBLE PRECISION;
ALTER TABLE units ADD COLUMN office_longitude DOUBLE PRECISION;

-- Named areas, such as sub-districts, so that an approver reads a name instead of a position.
CREATE TABLE areas (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    south DOUBLE PRECISION NOT NULL,
    west DOUBLE PRECISION NOT NULL,
    north DOUBLE PRECISION NOT NULL,
    east DOUBLE PRECISION NOT NULL,
    rings JSONB NOT NULL
);
CREATE INDEX areas_by_south ON areas (south, north);

-- Readings a person takes at home, to register it from.
CREATE TABLE home_readings (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    work_date DATE NOT NULL,
    taken_at TIMESTAMPTZ NOT NULL,
    accuracy_m DOUBLE PRECISION NOT NULL,
    sealed BYTEA NOT NULL,
    request_id UUID
);
CREATE INDEX home_readings_by_person ON home_readings (person_id, taken_at);

-- Somebody asks for a place; somebody else decides.
CREATE TABLE place_requests (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    unit_id UUID NOT NULL REFERENCES units (id),
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by UUID NOT NULL REFERENCES people (id),
    requested_at TIMESTAMPTZ NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    reason_code TEXT NOT NULL,
    reference TEXT,
    note TEXT,
    shape BYTEA NOT NULL,
    cell_key BYTEA,
    sigma_m DOUBLE PRECISION NOT NULL,
    readings BIGINT NOT NULL,
    days BIGINT NOT NULL,
    spread_m DOUBLE PRECISION,
    decided_by UUID REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    decision_note TEXT,
    place_id UUID REFERENCES places (id)
);
CREATE INDEX place_requests_by_person ON place_requests (person_id, requested_at);
CREATE INDEX place_requests_by_state ON place_requests (state, requested_at, id);
-- At most one home waits for a decision.
CREATE UNIQUE INDEX place_requests_pending_home ON place_requests (person_id) WHERE state = 'pending' AND kind = 'home';

-- What a phone said of where it was, sealed; beside it what can be compared without opening.
CREATE TABLE positions (
    checkin_id UUID NOT NULL PRIMARY KEY REFERENCES checkins (id),
    person_id UUID NOT NULL REFERENCES people (id),
    work_date DATE NOT NULL,
    slot TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    sealed BYTEA NOT NULL,
    fix_key BYTEA,
    point_key BYTEA,
    accuracy_m DOUBLE PRECISION,
    plain BOOLEAN NOT NULL,
    on_home_point BOOLEAN NOT NULL
);
CREATE INDEX positions_by_fix ON positions (fix_key);
CREATE INDEX positions_by_person ON positions (person_id, received_at);

INSERT INTO positions (checkin_id, person_id, work_date, slot, received_at, sealed, accuracy_m, plain, on_home_point)
    SELECT c.id, c.person_id, c.work_date, c.slot, c.received_at, convert_to(json_build_object('request', c.request,
            'chosen', e.location -> 'chosen', 'basis', e.location -> 'basis',
            'camera', e.photo -> 'exif' -> 'position')::text, 'UTF8'),
        (e.location -> 'chosen' ->> 'accuracy_m')::double precision, FALSE, FALSE
    FROM checkins c JOIN evidence e ON e.checkin_id = c.id;
UPDATE evidence SET
    location = location - 'reported' - 'chosen' || jsonb_build_object('accuracy_m', location -> 'chosen' -> 'accuracy_m',
        'fixes', jsonb_array_length(location -> 'reported')),
    photo = photo #- '{exif,position}';
ALTER TABLE checkins DROP COLUMN request;
