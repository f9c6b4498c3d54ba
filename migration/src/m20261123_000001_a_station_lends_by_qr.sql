CREATE TABLE community (
    id {uuid} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};

CREATE TABLE station (
    id {uuid} NOT NULL PRIMARY KEY,
    community_id {uuid} NOT NULL REFERENCES community (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    place TEXT,
    latitude {real} CHECK (latitude BETWEEN -90 AND 90),
    longitude {real} CHECK (longitude BETWEEN -180 AND 180),
    time_zone TEXT NOT NULL,
    hours {json} NOT NULL,
    follows_holidays {bool} NOT NULL,
    contact TEXT,
    closed_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};
CREATE INDEX station_of_community ON station (community_id);

CREATE TABLE closure (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    first_day {date} NOT NULL,
    last_day {date} NOT NULL,
    reason TEXT NOT NULL,
    created_at {time} NOT NULL,
    CHECK (first_day <= last_day)
) {keyed};
CREATE INDEX closure_of_station ON closure (station_id, last_day);

CREATE TABLE kind (
    id {uuid} NOT NULL PRIMARY KEY,
    community_id {uuid} REFERENCES community (id),
    name TEXT NOT NULL,
    name_en TEXT,
    category TEXT NOT NULL,
    emoji TEXT,
    tracked TEXT NOT NULL CHECK (tracked IN ('item', 'lot')),
    identity TEXT NOT NULL CHECK (identity IN ('anonymous', 'phone', 'verified', 'approved')),
    sensitive {bool} NOT NULL,
    retired_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};
CREATE UNIQUE INDEX one_shared_kind_of_a_name ON kind (name) WHERE community_id IS NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX one_kind_of_a_name ON kind (community_id, name) WHERE community_id IS NOT NULL AND retired_at IS NULL;

CREATE TABLE member (
    id {uuid} NOT NULL PRIMARY KEY,
    name_sealed {bytes},
    phone_sealed {bytes},
    phone_index {bytes} UNIQUE,
    member_group TEXT NOT NULL,
    verified_at {time},
    approved_at {time},
    approved_by {uuid} REFERENCES member (id),
    password_hash TEXT,
    language TEXT NOT NULL,
    erased_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};

CREATE TABLE policy (
    id {uuid} NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL UNIQUE,
    station_id {uuid} REFERENCES station (id),
    member_group TEXT,
    kind_id {uuid} REFERENCES kind (id),
    loan_minutes INTEGER CHECK (loan_minutes > 0),
    loan_days INTEGER CHECK (loan_days > 0),
    day_end TEXT CHECK (day_end IN ('closing_time', 'end_of_day')),
    grace_minutes INTEGER CHECK (grace_minutes >= 0),
    renewals INTEGER CHECK (renewals >= 0),
    max_open INTEGER CHECK (max_open >= 0),
    max_open_of_kind INTEGER CHECK (max_open_of_kind >= 0),
    identity TEXT CHECK (identity IN ('anonymous', 'phone', 'verified', 'approved')),
    return_to TEXT CHECK (return_to IN ('anywhere', 'home')),
    suspension_days_per_late_day INTEGER CHECK (suspension_days_per_late_day >= 0),
    suspension_cap_days INTEGER CHECK (suspension_cap_days >= 0),
    lost_after_days INTEGER CHECK (lost_after_days > 0),
    created_at {time} NOT NULL,
    rev {big} NOT NULL,
    CHECK (loan_minutes IS NULL OR loan_days IS NULL),
    CHECK (max_open IS NULL OR kind_id IS NULL)
) {keyed};

CREATE TABLE item (
    id {uuid} NOT NULL PRIMARY KEY,
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    code TEXT NOT NULL UNIQUE,
    label TEXT,
    home_station_id {uuid} REFERENCES station (id),
    station_id {uuid} REFERENCES station (id),
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('pending', 'active', 'maintenance', 'missing', 'retired')),
    lifecycle_reason TEXT,
    open_loan_id {uuid} UNIQUE,
    last_seen_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};
CREATE INDEX item_at_station ON item (station_id, kind_id);
CREATE INDEX item_of_kind ON item (kind_id);

CREATE TABLE sticker (
    code TEXT NOT NULL PRIMARY KEY,
    stuck_on TEXT CHECK (stuck_on IN ('item', 'station', 'shelf', 'card')),
    item_id {uuid} REFERENCES item (id),
    station_id {uuid} REFERENCES station (id),
    kind_id {uuid} REFERENCES kind (id),
    member_id {uuid} REFERENCES member (id),
    bound_at {time},
    retired_at {time},
    retired_reason TEXT,
    created_at {time} NOT NULL,
    CHECK ((stuck_on IS NULL) = (bound_at IS NULL)),
    CHECK (stuck_on IS NULL OR stuck_on <> 'item' OR item_id IS NOT NULL),
    CHECK (stuck_on IS NULL OR stuck_on <> 'station' OR station_id IS NOT NULL),
    CHECK (stuck_on IS NULL OR stuck_on <> 'shelf' OR (station_id IS NOT NULL AND kind_id IS NOT NULL)),
    CHECK (stuck_on IS NULL OR stuck_on <> 'card' OR member_id IS NOT NULL)
) {keyed};
CREATE INDEX sticker_on_item ON sticker (item_id) WHERE item_id IS NOT NULL;

CREATE TABLE grant_of_role (
    id {uuid} NOT NULL PRIMARY KEY,
    member_id {uuid} NOT NULL REFERENCES member (id),
    role TEXT NOT NULL CHECK (role IN ('keeper', 'manager', 'admin')),
    community_id {uuid} REFERENCES community (id),
    station_id {uuid} REFERENCES station (id),
    granted_by {uuid} REFERENCES member (id),
    granted_at {time} NOT NULL,
    revoked_at {time},
    CHECK ((role = 'keeper') = (station_id IS NOT NULL)),
    CHECK ((role = 'manager') = (community_id IS NOT NULL))
) {keyed};
CREATE UNIQUE INDEX one_keeper_grant ON grant_of_role (member_id, station_id) WHERE role = 'keeper' AND revoked_at IS NULL;
CREATE UNIQUE INDEX one_manager_grant ON grant_of_role (member_id, community_id) WHERE role = 'manager' AND revoked_at IS NULL;
CREATE UNIQUE INDEX one_admin_grant ON grant_of_role (member_id) WHERE role = 'admin' AND revoked_at IS NULL;

CREATE TABLE session (
    id {uuid} NOT NULL PRIMARY KEY,
    member_id {uuid} NOT NULL REFERENCES member (id),
    proof TEXT NOT NULL CHECK (proof IN ('password', 'code')),
    secret_hash {bytes} NOT NULL UNIQUE,
    previous_hash {bytes} UNIQUE,
    generation INTEGER NOT NULL,
    generation_used INTEGER NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    revoked_at {time},
    CHECK (generation_used <= generation)
) {keyed};
CREATE INDEX session_of_member ON session (member_id) WHERE revoked_at IS NULL;

CREATE TABLE verification (
    id {uuid} NOT NULL PRIMARY KEY,
    phone_index {bytes} NOT NULL,
    code_hash {bytes} NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 5),
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
) {keyed};
CREATE INDEX verification_of_phone ON verification (phone_index, created_at);

CREATE TABLE loan (
    id {uuid} NOT NULL PRIMARY KEY,
    external_no TEXT UNIQUE,
    item_id {uuid} NOT NULL REFERENCES item (id),
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    station_id {uuid} REFERENCES station (id),
    member_id {uuid} REFERENCES member (id),
    member_group TEXT,
    lent_by {uuid} REFERENCES member (id),
    override_reason TEXT,
    lent_at {time} NOT NULL,
    due_at {time} NOT NULL,
    returned_at {time},
    returned_station_id {uuid} REFERENCES station (id),
    returned_condition TEXT CHECK (returned_condition IN ('good', 'incomplete', 'damaged')),
    returned_note TEXT,
    lost_at {time},
    claimed_returned_at {time},
    renewals INTEGER NOT NULL CHECK (renewals >= 0),
    rule_minutes INTEGER,
    rule_days INTEGER,
    rule_day_end TEXT NOT NULL CHECK (rule_day_end IN ('closing_time', 'end_of_day')),
    rule_grace_minutes INTEGER NOT NULL,
    rule_renewals INTEGER NOT NULL,
    rule_return_to TEXT NOT NULL CHECK (rule_return_to IN ('anywhere', 'home')),
    rule_suspension_days_per_late_day INTEGER NOT NULL,
    rule_suspension_cap_days INTEGER NOT NULL,
    rule_lost_after_days INTEGER NOT NULL,
    rev {big} NOT NULL,
    CHECK (due_at > lent_at),
    CHECK (returned_at IS NULL OR returned_at >= lent_at),
    CHECK ((rule_minutes IS NULL) <> (rule_days IS NULL))
) {keyed};
CREATE UNIQUE INDEX one_open_loan_per_item ON loan (item_id) WHERE returned_at IS NULL;
CREATE INDEX loan_of_item ON loan (item_id, lent_at);
CREATE INDEX open_loan_of_member ON loan (member_id, kind_id) WHERE returned_at IS NULL AND member_id IS NOT NULL;
CREATE INDEX loan_of_member ON loan (member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX open_loan_by_due ON loan (due_at) WHERE returned_at IS NULL;

CREATE TABLE renewal (
    id {uuid} NOT NULL PRIMARY KEY,
    loan_id {uuid} NOT NULL REFERENCES loan (id),
    n INTEGER NOT NULL CHECK (n > 0),
    member_id {uuid} REFERENCES member (id),
    renewed_at {time} NOT NULL,
    old_due_at {time} NOT NULL,
    new_due_at {time} NOT NULL,
    UNIQUE (loan_id, n),
    CHECK (new_due_at > old_due_at)
) {keyed};

CREATE TABLE block (
    id {uuid} NOT NULL PRIMARY KEY,
    member_id {uuid} NOT NULL REFERENCES member (id),
    cause TEXT NOT NULL CHECK (cause IN ('late', 'manual')),
    reason TEXT NOT NULL,
    loan_id {uuid} UNIQUE REFERENCES loan (id),
    author_id {uuid} REFERENCES member (id),
    starts_at {time} NOT NULL,
    ends_at {time},
    lifted_at {time},
    lifted_by {uuid} REFERENCES member (id)
) {keyed};
CREATE INDEX block_of_member ON block (member_id) WHERE lifted_at IS NULL;

CREATE TABLE pool (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    rev {big} NOT NULL,
    UNIQUE (station_id, kind_id)
) {keyed};

CREATE TABLE claim (
    id {uuid} NOT NULL PRIMARY KEY,
    pool_id {uuid} NOT NULL REFERENCES pool (id),
    reason TEXT NOT NULL CHECK (reason IN ('loan')),
    qty INTEGER NOT NULL CHECK (qty > 0),
    s {big} NOT NULL,
    e {big} NOT NULL,
    live {bool} NOT NULL,
    loan_id {uuid} REFERENCES loan (id),
    item_id {uuid} REFERENCES item (id),
    CHECK (e > s),
    CHECK (reason <> 'loan' OR (loan_id IS NOT NULL AND item_id IS NOT NULL AND qty = 1))
) {keyed};
CREATE UNIQUE INDEX one_claim_per_loan ON claim (loan_id) WHERE loan_id IS NOT NULL;
CREATE UNIQUE INDEX one_live_claim_per_item ON claim (item_id) WHERE live = {true} AND item_id IS NOT NULL;
CREATE INDEX live_claims_of_pool ON claim (pool_id, e, s, qty) WHERE live = {true};

CREATE TABLE event (
    id {uuid} NOT NULL PRIMARY KEY,
    at {time} NOT NULL,
    actor_id {uuid},
    door TEXT NOT NULL,
    address TEXT,
    action TEXT NOT NULL,
    station_id {uuid},
    item_id {uuid},
    item_rev {big},
    loan_id {uuid},
    member_id {uuid},
    detail {json}
) {keyed};
CREATE UNIQUE INDEX history_of_item ON event (item_id, item_rev) WHERE item_rev IS NOT NULL;
CREATE INDEX event_at_station ON event (station_id, id) WHERE station_id IS NOT NULL;

CREATE TABLE notice (
    id {uuid} NOT NULL PRIMARY KEY,
    natural_key TEXT NOT NULL UNIQUE,
    member_id {uuid} REFERENCES member (id),
    phone_sealed {bytes},
    template TEXT NOT NULL,
    params {json} NOT NULL,
    send_after {time} NOT NULL,
    expires_at {time} NOT NULL,
    attempts INTEGER NOT NULL,
    leased_until {time},
    sent_at {time},
    dropped_at {time},
    trouble TEXT,
    created_at {time} NOT NULL
) {keyed};
CREATE INDEX notice_to_send ON notice (send_after) WHERE sent_at IS NULL AND dropped_at IS NULL;

CREATE TABLE task (
    id {uuid} NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,
    natural_key TEXT NOT NULL,
    station_id {uuid} REFERENCES station (id),
    item_id {uuid} REFERENCES item (id),
    loan_id {uuid} REFERENCES loan (id),
    note TEXT,
    created_at {time} NOT NULL,
    done_at {time},
    done_by {uuid} REFERENCES member (id)
) {keyed};
CREATE UNIQUE INDEX one_open_task_of_a_key ON task (natural_key) WHERE done_at IS NULL;
CREATE INDEX open_task_at_station ON task (station_id, id) WHERE done_at IS NULL;

CREATE TABLE photo (
    id {uuid} NOT NULL PRIMARY KEY,
    item_id {uuid} NOT NULL REFERENCES item (id),
    loan_id {uuid} REFERENCES loan (id),
    jpeg {bytes} NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX photo_of_item ON photo (item_id);

CREATE TABLE answered_request (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint {bytes} NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (principal, key)
) {keyed};
CREATE INDEX answered_request_by_age ON answered_request (created_at);

CREATE TABLE job_run (
    id {uuid} NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    scope TEXT NOT NULL,
    business_date {date} NOT NULL,
    fence INTEGER NOT NULL,
    leased_until {time} NOT NULL,
    started_at {time} NOT NULL,
    finished_at {time},
    effects {big},
    trouble TEXT,
    UNIQUE (job, scope, business_date)
) {keyed};

CREATE TABLE app_secret (
    name TEXT NOT NULL PRIMARY KEY,
    value {bytes} NOT NULL,
    created_at {time} NOT NULL
) {keyed};
