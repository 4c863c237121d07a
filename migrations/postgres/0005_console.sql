-- The console: sign-ins by cookie, cases that go from desk to desk, routine looks and blind second ones.

-- A sign-in of the console holds a cookie instead of tokens, and ends when nobody used it for a while.
ALTER TABLE sessions ADD COLUMN cookie_sha256 BYTEA;
ALTER TABLE sessions ADD COLUMN seen_at TIMESTAMPTZ;

-- origin: flagged, routine (an accepted check-in drawn at random) or second (a decided case, looked at again).
-- deciding_unit_id: whose supervisors decide it now; target_at: when it goes to those above.
-- barred_id: decided it before, so somebody else does now. before_decision: for taking one back.
ALTER TABLE reviews ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE reviews ADD COLUMN origin TEXT NOT NULL DEFAULT 'flagged';
ALTER TABLE reviews ADD COLUMN deciding_unit_id UUID REFERENCES units (id);
ALTER TABLE reviews ADD COLUMN target_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch';
ALTER TABLE reviews ADD COLUMN escalations BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN barred_id UUID REFERENCES people (id);
ALTER TABLE reviews ADD COLUMN cause TEXT;
ALTER TABLE reviews ADD COLUMN before_decision JSONB;
ALTER TABLE reviews ADD COLUMN second_of UUID REFERENCES reviews (id);
ALTER TABLE reviews ADD COLUMN first_decision TEXT;
ALTER TABLE reviews ADD COLUMN second_at TIMESTAMPTZ;
UPDATE reviews SET barred_id = appealed_from, deciding_unit_id = unit_id, target_at = opened_at + INTERVAL '2 days';

DROP INDEX reviews_one_open_case;
CREATE UNIQUE INDEX reviews_one_open_case ON reviews (person_id, work_date, slot)
    WHERE state IN ('open', 'asked') AND origin <> 'second';
CREATE INDEX reviews_waiting ON reviews (work_date, urgency, opened_at, id) WHERE state <> 'decided';
CREATE INDEX reviews_by_desk ON reviews (deciding_unit_id, work_date, urgency, opened_at, id) WHERE state <> 'decided';
CREATE INDEX reviews_by_unit ON reviews (unit_id, work_date, urgency, opened_at, id) WHERE state <> 'decided';
CREATE INDEX reviews_by_target ON reviews (target_at) WHERE state <> 'decided';
CREATE INDEX reviews_by_cause ON reviews (cause) WHERE state <> 'decided' AND cause IS NOT NULL;
CREATE INDEX reviews_by_claim ON reviews (claim_expires_at) WHERE state <> 'decided' AND claim_expires_at IS NOT NULL;
CREATE INDEX reviews_by_second ON reviews (second_at) WHERE second_at IS NOT NULL;
CREATE INDEX reviews_by_decision ON reviews (origin, decided_at);

-- Why a person has to look, each reason once a case.
CREATE TABLE review_reasons (
    review_id UUID NOT NULL REFERENCES reviews (id),
    code TEXT NOT NULL,
    PRIMARY KEY (review_id, code)
);
INSERT INTO review_reasons (review_id, code)
    SELECT DISTINCT a.review_id, f.code FROM review_attempts a JOIN findings f ON f.checkin_id = a.checkin_id
    WHERE f.flags;

CREATE INDEX role_assignments_by_unit ON role_assignments (unit_id, role);
