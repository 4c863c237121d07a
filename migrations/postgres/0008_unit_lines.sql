-- Every unit with itself and each unit above it, drawn anew whenever the tree changes: who sees what is asked many
-- times a second, and the tree changes a few times a year.
CREATE TABLE unit_lines (
    unit_id UUID NOT NULL REFERENCES units (id),
    above_id UUID NOT NULL REFERENCES units (id),
    distance BIGINT NOT NULL,
    PRIMARY KEY (unit_id, above_id)
);
CREATE UNIQUE INDEX unit_lines_below ON unit_lines (above_id, unit_id);
INSERT INTO unit_lines (unit_id, above_id, distance)
    WITH RECURSIVE lines (unit_id, above_id, distance) AS (
        SELECT id, id, 0 FROM units
        UNION ALL SELECT l.unit_id, u.parent_id, l.distance + 1 FROM lines l JOIN units u ON u.id = l.above_id
            WHERE u.parent_id IS NOT NULL AND l.distance < 32)
    SELECT unit_id, above_id, MIN(distance) FROM lines GROUP BY unit_id, above_id;

-- What was decided is looked through in the order of the queue, a unit at a time or all together.
DROP INDEX reviews_queue;
CREATE INDEX reviews_decided ON reviews (work_date, urgency, opened_at, id) WHERE state = 'decided';
CREATE INDEX reviews_decided_by_unit ON reviews (unit_id, work_date, urgency, opened_at, id) WHERE state = 'decided';

-- Questions that run are counted in every queue.
CREATE INDEX reviews_asked ON reviews (due_at) WHERE state = 'asked';

-- A reason that few cases ever had is looked for by itself.
CREATE INDEX review_reasons_by_code ON review_reasons (code, review_id);
