CREATE TABLE partner (
    id {uuid} NOT NULL PRIMARY KEY,
    community_id {uuid} NOT NULL REFERENCES community (id),
    name TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('health_centre', 'pharmacy')),
    licence_no TEXT NOT NULL,
    ended_at {time},
    created_at {time} NOT NULL,
    UNIQUE (community_id, licence_no)
) {keyed};

CREATE TABLE consumable (
    kind_id {uuid} NOT NULL PRIMARY KEY REFERENCES kind (id),
    class TEXT NOT NULL CHECK (class IN ('supply', 'dressing', 'device', 'otc_b')),
    partner_id {uuid} REFERENCES partner (id),
    base_unit TEXT NOT NULL,
    pack_size INTEGER NOT NULL CHECK (pack_size > 0),
    smallest_unit INTEGER NOT NULL CHECK (smallest_unit > 0),
    reading TEXT NOT NULL CHECK (reading IN ('strict', 'lenient')),
    dated {bool} NOT NULL,
    course_days INTEGER NOT NULL CHECK (course_days BETWEEN 0 AND 365),
    open_days INTEGER CHECK (open_days BETWEEN 1 AND 365),
    shareable {bool} NOT NULL,
    most_per_take INTEGER CHECK (most_per_take > 0),
    most_per_day INTEGER CHECK (most_per_day > 0),
    under_14 TEXT NOT NULL CHECK (under_14 IN ('no', 'with_guardian', 'yes')),
    under_18 {bool} NOT NULL,
    cautions {json} NOT NULL,
    leaflet TEXT,
    reviewed_by TEXT,
    rev {big} NOT NULL,
    CHECK ((class = 'otc_b') = (partner_id IS NOT NULL)),
    CHECK (class <> 'otc_b' OR dated = {true})
) {keyed};

CREATE TABLE product_code (
    scheme TEXT NOT NULL CHECK (scheme IN ('gtin', 'drug')),
    code TEXT NOT NULL,
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    PRIMARY KEY (scheme, code)
) {keyed};
CREATE INDEX product_code_of_kind ON product_code (kind_id);

CREATE TABLE ingredient (
    id {uuid} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    most_in_24_hours {big} NOT NULL CHECK (most_in_24_hours > 0),
    most_in_72_hours {big} NOT NULL CHECK (most_in_72_hours >= most_in_24_hours),
    source TEXT NOT NULL,
    reviewed_by TEXT NOT NULL,
    created_at {time} NOT NULL
) {keyed};

CREATE TABLE content (
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    ingredient_id {uuid} NOT NULL REFERENCES ingredient (id),
    micrograms_per_unit {big} NOT NULL CHECK (micrograms_per_unit > 0),
    PRIMARY KEY (kind_id, ingredient_id)
) {keyed};

CREATE TABLE lot (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    label_text TEXT,
    label_kind TEXT CHECK (label_kind IN ('valid_until', 'expires_on', 'shelf_life')),
    label_precision TEXT CHECK (label_precision IN ('day', 'month')),
    label_key TEXT NOT NULL,
    made_on {date},
    lenient_last_day {date},
    strict_last_day {date},
    last_day {date},
    last_issue_day {date},
    opened_on {date},
    parent_id {uuid} REFERENCES lot (id),
    shelf TEXT,
    source TEXT NOT NULL CHECK (source IN ('purchase', 'donation', 'transfer', 'opened', 'import', 'found')),
    proof TEXT,
    available INTEGER NOT NULL CHECK (available >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    quarantined INTEGER NOT NULL CHECK (quarantined >= 0),
    to_dispose INTEGER NOT NULL CHECK (to_dispose >= 0),
    blocks INTEGER NOT NULL CHECK (blocks >= 0),
    tier INTEGER NOT NULL CHECK (tier BETWEEN 0 AND 5),
    received_at {time} NOT NULL,
    received_by {uuid} REFERENCES member (id),
    verified_by {uuid} REFERENCES member (id),
    counted_at {time},
    rev {big} NOT NULL,
    CHECK ((label_text IS NULL) = (label_kind IS NULL))
) {keyed};
CREATE UNIQUE INDEX one_lot_of_a_label ON lot (station_id, kind_id, number_key, label_key) WHERE parent_id IS NULL;
CREATE INDEX lot_on_the_shelf ON lot (station_id, kind_id, last_day) WHERE available + held + quarantined + to_dispose > 0;
CREATE INDEX lot_by_tier ON lot (station_id, tier, last_day, available, held, quarantined, id) WHERE available + held + quarantined > 0;
CREATE INDEX lot_by_last_issue ON lot (station_id, last_issue_day, kind_id, last_day, tier, blocks, opened_on, available, held, quarantined, id) WHERE available + held + quarantined > 0;
CREATE INDEX lot_implausible ON lot (station_id, id) WHERE available + held + quarantined > 0 AND (last_issue_day > last_day OR strict_last_day > lenient_last_day OR last_day > lenient_last_day OR made_on > last_day OR (last_day IS NULL AND label_text IS NOT NULL) OR (last_day IS NOT NULL AND last_issue_day IS NULL));
CREATE INDEX lot_of_kind ON lot (kind_id, number_key);

CREATE TABLE lot_label (
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    n INTEGER NOT NULL CHECK (n > 0),
    label_text TEXT,
    last_day {date},
    reason TEXT NOT NULL,
    photo_id {uuid},
    written_by {uuid} REFERENCES member (id),
    written_at {time} NOT NULL,
    PRIMARY KEY (lot_id, n)
) {keyed};

CREATE TABLE take (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    units INTEGER NOT NULL CHECK (units > 0),
    person_key {bytes},
    warning_version {big} NOT NULL,
    confirmed TEXT NOT NULL CHECK (confirmed IN ('none', 'label', 'code')),
    taken_at {time} NOT NULL,
    taken_on {date} NOT NULL,
    undone_at {time}
) {keyed};
CREATE INDEX take_of_person ON take (person_key, taken_at) WHERE person_key IS NOT NULL;
CREATE INDEX take_at_station ON take (station_id, kind_id, taken_on);

CREATE TABLE pack (
    serial TEXT NOT NULL PRIMARY KEY,
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    registered_at {time} NOT NULL,
    taken_at {time},
    take_id {uuid} REFERENCES take (id),
    CHECK ((taken_at IS NULL) = (take_id IS NULL))
) {keyed};
CREATE INDEX pack_of_lot ON pack (lot_id);
CREATE INDEX pack_of_take ON pack (take_id) WHERE take_id IS NOT NULL;

CREATE TABLE taker (
    person_key {bytes} NOT NULL PRIMARY KEY,
    last_at {time} NOT NULL,
    rev {big} NOT NULL
) {keyed};

CREATE TABLE disposal (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    handed_to TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    lines {json} NOT NULL,
    witness_id {uuid} REFERENCES member (id),
    confirmed_at {time},
    photo_id {uuid},
    actor_id {uuid} REFERENCES member (id),
    disposed_at {time} NOT NULL,
    CHECK (actor_id IS NULL OR witness_id IS NULL OR actor_id <> witness_id),
    UNIQUE (station_id, receipt_no)
) {keyed};
CREATE UNIQUE INDEX one_open_hand_over ON disposal (station_id) WHERE confirmed_at IS NULL;

CREATE TABLE movement (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    lot_rev {big} NOT NULL,
    reason TEXT NOT NULL,
    available INTEGER NOT NULL,
    held INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    to_dispose INTEGER NOT NULL,
    take_id {uuid} REFERENCES take (id),
    disposal_id {uuid} REFERENCES disposal (id),
    reversal_of {uuid} UNIQUE REFERENCES movement (id),
    other_lot_id {uuid} REFERENCES lot (id),
    last_issue_day {date},
    note TEXT,
    actor_id {uuid} REFERENCES member (id),
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    UNIQUE (lot_id, lot_rev),
    CHECK (available <> 0 OR held <> 0 OR quarantined <> 0 OR to_dispose <> 0 OR reason = 'counted')
) {keyed};
CREATE INDEX movement_of_lot ON movement (lot_id, occurred_at);
CREATE INDEX movement_at_station ON movement (station_id, recorded_at);
CREATE INDEX movement_of_take ON movement (take_id) WHERE take_id IS NOT NULL;
CREATE INDEX movement_of_red_box ON movement (station_id, recorded_at) WHERE to_dispose <> 0;

CREATE TABLE recall (
    id {uuid} NOT NULL PRIMARY KEY,
    kind_id {uuid} REFERENCES kind (id),
    product TEXT,
    lots TEXT NOT NULL,
    source TEXT NOT NULL,
    made_by {uuid} REFERENCES member (id),
    made_at {time} NOT NULL,
    lift_reason TEXT,
    lift_proposed_by {uuid} REFERENCES member (id),
    lift_proposed_at {time},
    lifted_by {uuid} REFERENCES member (id),
    lifted_at {time},
    CHECK (kind_id IS NOT NULL OR product IS NOT NULL)
) {keyed};
CREATE INDEX recall_in_force ON recall (kind_id) WHERE lifted_at IS NULL;

CREATE TABLE stock_block (
    id {uuid} NOT NULL PRIMARY KEY,
    cause TEXT NOT NULL CHECK (cause IN ('unverified', 'conflict', 'recalled', 'data_error', 'manual', 'suspended')),
    lot_id {uuid} REFERENCES lot (id),
    station_id {uuid} REFERENCES station (id),
    recall_id {uuid} REFERENCES recall (id),
    reason TEXT NOT NULL,
    made_by {uuid} REFERENCES member (id),
    made_at {time} NOT NULL,
    lift_proposed_by {uuid} REFERENCES member (id),
    lift_proposed_at {time},
    lifted_by {uuid} REFERENCES member (id),
    lifted_at {time},
    lift_reason TEXT,
    CHECK ((lot_id IS NULL) = (cause = 'suspended')),
    CHECK ((recall_id IS NOT NULL) = (cause = 'recalled')),
    CHECK (lot_id IS NOT NULL OR station_id IS NOT NULL)
) {keyed};
CREATE INDEX block_on_lot ON stock_block (lot_id) WHERE lifted_at IS NULL;
CREATE INDEX block_of_recall ON stock_block (recall_id, lot_id) WHERE recall_id IS NOT NULL;
CREATE INDEX block_at_station ON stock_block (station_id, made_at);
CREATE INDEX lifted_block_at_station ON stock_block (station_id, lifted_at) WHERE lifted_at IS NOT NULL;
CREATE UNIQUE INDEX one_recall_on_a_lot ON stock_block (lot_id, recall_id) WHERE recall_id IS NOT NULL AND lifted_at IS NULL;
CREATE UNIQUE INDEX one_suspension_of_a_station ON stock_block (station_id) WHERE cause = 'suspended' AND lifted_at IS NULL;

CREATE TABLE lot_hold (
    id {uuid} NOT NULL PRIMARY KEY,
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    station_id {uuid} NOT NULL REFERENCES station (id),
    member_id {uuid} REFERENCES member (id),
    units INTEGER NOT NULL CHECK (units > 0),
    note TEXT,
    made_by {uuid} REFERENCES member (id),
    made_at {time} NOT NULL,
    until {time} NOT NULL,
    ended_at {time},
    ended_how TEXT CHECK (ended_how IN ('collected', 'released', 'lapsed', 'cut_off')),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL))
) {keyed};
CREATE INDEX open_hold_of_lot ON lot_hold (lot_id) WHERE ended_at IS NULL;
CREATE INDEX hold_of_member ON lot_hold (member_id, ended_at) WHERE member_id IS NOT NULL;
CREATE INDEX open_hold_at_station ON lot_hold (station_id, until) WHERE ended_at IS NULL;

CREATE TABLE stock_count (
    id {uuid} NOT NULL PRIMARY KEY,
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    station_id {uuid} NOT NULL REFERENCES station (id),
    counted INTEGER NOT NULL CHECK (counted >= 0),
    expected INTEGER NOT NULL,
    counted_at {time} NOT NULL,
    counted_by {uuid} REFERENCES member (id),
    reason TEXT,
    final_at {time},
    replaced_at {time}
) {keyed};
CREATE UNIQUE INDEX one_open_count_of_a_lot ON stock_count (lot_id) WHERE final_at IS NULL AND replaced_at IS NULL;

CREATE TABLE stock_level (
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} NOT NULL REFERENCES kind (id),
    min_units INTEGER NOT NULL CHECK (min_units >= 0),
    max_units INTEGER NOT NULL,
    PRIMARY KEY (station_id, kind_id),
    CHECK (max_units >= min_units)
) {keyed};

CREATE TABLE lot_event (
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    what TEXT NOT NULL,
    facts TEXT NOT NULL,
    station_id {uuid} NOT NULL REFERENCES station (id),
    units INTEGER NOT NULL,
    since {date},
    seen_on {date} NOT NULL,
    PRIMARY KEY (lot_id, what, facts)
) {keyed};
CREATE INDEX lot_event_at_station ON lot_event (station_id, seen_on);

CREATE TABLE expiry_check (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    n {big} NOT NULL CHECK (n > 0),
    run_on {date} NOT NULL,
    business_date {date} NOT NULL,
    covers_from {date} NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'tighten_only')),
    status TEXT NOT NULL CHECK (status IN ('done', 'partial')),
    checked {big} NOT NULL,
    transitions {big} NOT NULL,
    report TEXT NOT NULL,
    finished_at {time} NOT NULL,
    previous_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    UNIQUE (station_id, n),
    UNIQUE (station_id, run_on, mode)
) {keyed};

CREATE TABLE stock_day (
    station_id {uuid} NOT NULL PRIMARY KEY REFERENCES station (id),
    latest {date} NOT NULL
) {keyed};

CREATE TABLE inspection (
    id {uuid} NOT NULL PRIMARY KEY,
    item_id {uuid} NOT NULL REFERENCES item (id),
    inspected_on {date} NOT NULL,
    passed {bool} NOT NULL,
    good_until {date},
    certificate TEXT,
    note TEXT,
    inspected_by {uuid} REFERENCES member (id),
    created_at {time} NOT NULL,
    CHECK (passed = {true} OR good_until IS NULL)
) {keyed};
CREATE INDEX inspection_of_item ON inspection (item_id, inspected_on);

ALTER TABLE item ADD COLUMN inspect_by {date};
ALTER TABLE kind ADD COLUMN inspect_every_days INTEGER CHECK (inspect_every_days > 0);
ALTER TABLE task ADD COLUMN kind_id {uuid} REFERENCES kind (id);
ALTER TABLE task ADD COLUMN lot_id {uuid} REFERENCES lot (id);
ALTER TABLE task ADD COLUMN facts TEXT;
ALTER TABLE task ADD COLUMN seen_at {time};
ALTER TABLE task ADD COLUMN seen_by {uuid} REFERENCES member (id);
ALTER TABLE task ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
CREATE INDEX open_task_on_lot ON task (lot_id) WHERE done_at IS NULL AND lot_id IS NOT NULL;
CREATE TABLE lot_photo (
    id {uuid} NOT NULL PRIMARY KEY,
    lot_id {uuid} NOT NULL REFERENCES lot (id),
    about TEXT NOT NULL,
    jpeg {bytes} NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX photo_of_lot ON lot_photo (lot_id);
