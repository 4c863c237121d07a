CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);
CREATE TABLE public.challenges (
    token_sha256 bytea NOT NULL,
    person_id uuid NOT NULL,
    slot text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone,
    spent_by uuid
);
CREATE TABLE public.checkins (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    slot text NOT NULL,
    work_date date NOT NULL,
    attempt bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    timing text NOT NULL,
    verdict text NOT NULL,
    rules_version text NOT NULL,
    photo_sha256 bytea NOT NULL,
    photo_bytes bigint NOT NULL,
    photo_type text NOT NULL,
    photo_key text NOT NULL,
    request text NOT NULL,
    receipt text NOT NULL,
    entry_id uuid NOT NULL
);
CREATE TABLE public.evidence (
    checkin_id uuid NOT NULL,
    photo jsonb NOT NULL,
    location jsonb NOT NULL,
    place_id uuid
);
CREATE TABLE public.findings (
    checkin_id uuid NOT NULL,
    ordinal bigint NOT NULL,
    code text NOT NULL,
    severity text NOT NULL,
    flags boolean NOT NULL,
    measured double precision,
    threshold double precision,
    unit_of_measure text,
    words_id text NOT NULL,
    words_en text NOT NULL
);
CREATE TABLE public.log_entries (
    id uuid NOT NULL,
    kind text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    salt bytea NOT NULL,
    record bytea NOT NULL,
    entry_sha256 bytea NOT NULL,
    leaf_index bigint
);
CREATE TABLE public.people (
    id uuid NOT NULL,
    nip text NOT NULL,
    name text NOT NULL,
    unit_id uuid NOT NULL,
    active boolean NOT NULL,
    password_hash text
);
CREATE TABLE public.places (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    version bigint NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    radius_m double precision NOT NULL,
    sigma_m double precision NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.presences (
    person_id uuid NOT NULL,
    work_date date NOT NULL,
    slot text NOT NULL,
    unit_id uuid NOT NULL,
    state text NOT NULL,
    verdict text NOT NULL,
    timing text NOT NULL,
    first_received_at timestamp with time zone NOT NULL,
    best_checkin_id uuid NOT NULL,
    attempts bigint NOT NULL,
    decision text
);
CREATE TABLE public.review_attempts (
    review_id uuid NOT NULL,
    checkin_id uuid NOT NULL
);
CREATE TABLE public.review_events (
    id uuid NOT NULL,
    review_id uuid NOT NULL,
    ordinal bigint NOT NULL,
    kind text NOT NULL,
    actor_id uuid,
    at timestamp with time zone NOT NULL,
    detail jsonb NOT NULL
);
CREATE TABLE public.reviews (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    work_date date NOT NULL,
    slot text NOT NULL,
    state text NOT NULL,
    urgency bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    claimed_by uuid,
    claim_expires_at timestamp with time zone,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision text,
    reason_code text,
    note text
);
CREATE TABLE public.role_assignments (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    unit_id uuid,
    valid_from date NOT NULL,
    valid_to date
);
CREATE TABLE public.schedules (
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    slot text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    weekdays bigint NOT NULL,
    opens_minute bigint NOT NULL,
    closes_minute bigint NOT NULL,
    grace_minutes bigint NOT NULL
);
CREATE TABLE public.sessions (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    generation bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    rotated_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
CREATE TABLE public.sign_in_throttles (
    bucket text NOT NULL,
    failures bigint NOT NULL,
    blocked_until timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.units (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    time_zone text NOT NULL
);
INSERT INTO public._sqlx_migrations VALUES (1, 'checkin', '2026-11-22 06:14:30.671593+00', true, '\x8f42e891c025168fd9a4391cfde9bc579de0cf613c4a59704f930646fb7f2a45947a36935fbdca6dba8174fd35f4bd61', 24951605);
INSERT INTO public.people VALUES ('01a201e4-5444-72de-8608-40c72a9ca26b', '1001', 'Dewi', '01a201e4-5444-7ef1-a32d-a3187ce00db6', true, '$argon2id$v=19$m=19456,t=2,p=1$hJnmiy0g9B4Bf2R/gGAzCw$vF3c8XzVN0IcbPLb5hVMW7bxGPcWONAo1Q9ZtO6My2U');
INSERT INTO public.role_assignments VALUES ('01a201e4-5444-7a75-815f-a6a31caf374d', '01a201e4-5444-72de-8608-40c72a9ca26b', 'administrator', NULL, '2026-11-22', NULL);
INSERT INTO public.units VALUES ('01a201e4-5444-7ef1-a32d-a3187ce00db6', 'DINAS', 'DINAS', NULL, 'Asia/Makassar');
ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.challenges
    ADD CONSTRAINT challenges_pkey PRIMARY KEY (token_sha256);
ALTER TABLE ONLY public.checkins
    ADD CONSTRAINT checkins_photo_key_key UNIQUE (photo_key);
ALTER TABLE ONLY public.checkins
    ADD CONSTRAINT checkins_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (checkin_id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_pkey PRIMARY KEY (checkin_id, ordinal);
ALTER TABLE ONLY public.log_entries
    ADD CONSTRAINT log_entries_entry_sha256_key UNIQUE (entry_sha256);
ALTER TABLE ONLY public.log_entries
    ADD CONSTRAINT log_entries_leaf_index_key UNIQUE (leaf_index);
ALTER TABLE ONLY public.log_entries
    ADD CONSTRAINT log_entries_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_nip_key UNIQUE (nip);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_person_id_kind_version_key UNIQUE (person_id, kind, version);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.presences
    ADD CONSTRAINT presences_pkey PRIMARY KEY (person_id, work_date, slot);
ALTER TABLE ONLY public.review_attempts
    ADD CONSTRAINT review_attempts_pkey PRIMARY KEY (review_id, checkin_id);
ALTER TABLE ONLY public.review_events
    ADD CONSTRAINT review_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_throttles
    ADD CONSTRAINT sign_in_throttles_pkey PRIMARY KEY (bucket);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_code_key UNIQUE (code);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_pkey PRIMARY KEY (id);
CREATE INDEX challenges_by_expiry ON public.challenges USING btree (expires_at);
CREATE INDEX challenges_by_person ON public.challenges USING btree (person_id, expires_at);
CREATE INDEX checkins_by_person ON public.checkins USING btree (person_id, received_at, id);
CREATE INDEX checkins_by_slot ON public.checkins USING btree (person_id, work_date, slot);
CREATE INDEX checkins_by_unit ON public.checkins USING btree (unit_id, work_date);
CREATE INDEX log_entries_by_time ON public.log_entries USING btree (recorded_at, id);
CREATE INDEX people_by_unit ON public.people USING btree (unit_id);
CREATE INDEX presences_by_unit ON public.presences USING btree (unit_id, work_date);
CREATE INDEX review_attempts_by_checkin ON public.review_attempts USING btree (checkin_id);
CREATE UNIQUE INDEX review_events_by_review ON public.review_events USING btree (review_id, ordinal);
CREATE UNIQUE INDEX reviews_one_open_case ON public.reviews USING btree (person_id, work_date, slot) WHERE (state = 'open'::text);
CREATE INDEX reviews_queue ON public.reviews USING btree (state, work_date, urgency, opened_at, id);
CREATE INDEX role_assignments_by_person ON public.role_assignments USING btree (person_id);
CREATE INDEX schedules_by_unit ON public.schedules USING btree (unit_id, slot);
CREATE INDEX sessions_by_person ON public.sessions USING btree (person_id);
CREATE INDEX sign_in_throttles_by_update ON public.sign_in_throttles USING btree (updated_at);
CREATE INDEX units_by_parent ON public.units USING btree (parent_id);
ALTER TABLE ONLY public.challenges
    ADD CONSTRAINT challenges_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.checkins
    ADD CONSTRAINT checkins_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.checkins
    ADD CONSTRAINT checkins_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_checkin_id_fkey FOREIGN KEY (checkin_id) REFERENCES public.checkins(id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.places(id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_checkin_id_fkey FOREIGN KEY (checkin_id) REFERENCES public.checkins(id);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.presences
    ADD CONSTRAINT presences_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.presences
    ADD CONSTRAINT presences_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.review_attempts
    ADD CONSTRAINT review_attempts_checkin_id_fkey FOREIGN KEY (checkin_id) REFERENCES public.checkins(id);
ALTER TABLE ONLY public.review_attempts
    ADD CONSTRAINT review_attempts_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews(id);
ALTER TABLE ONLY public.review_events
    ADD CONSTRAINT review_events_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.review_events
    ADD CONSTRAINT review_events_review_id_fkey FOREIGN KEY (review_id) REFERENCES public.reviews(id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES public.people(id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.people(id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.role_assignments
    ADD CONSTRAINT role_assignments_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES public.units(id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.units
    ADD CONSTRAINT units_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.units(id);
