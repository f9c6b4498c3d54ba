CREATE TABLE space (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    part_of {uuid} REFERENCES space (id),
    name TEXT NOT NULL,
    name_en TEXT,
    emoji TEXT,
    seats INTEGER CHECK (seats > 0),
    retired_at {time},
    created_at {time} NOT NULL,
    rev {big} NOT NULL,
    CHECK (part_of IS NULL OR part_of <> id)
) {keyed};
CREATE INDEX space_of_station ON space (station_id);
CREATE INDEX part_of_space ON space (part_of) WHERE part_of IS NOT NULL;
CREATE UNIQUE INDEX one_space_of_a_name ON space (station_id, name) WHERE retired_at IS NULL;

CREATE TABLE occasion (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    space_id {uuid} REFERENCES space (id),
    name TEXT NOT NULL,
    name_en TEXT,
    emoji TEXT,
    note TEXT,
    seats INTEGER NOT NULL CHECK (seats > 0),
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    cancelled_at {time},
    cancel_reason TEXT,
    created_at {time} NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    rev {big} NOT NULL,
    CHECK (starts_at < ends_at),
    CHECK (cancelled_at IS NULL OR cancel_reason IS NOT NULL)
) {keyed};
CREATE INDEX occasion_at_station ON occasion (station_id, ends_at);

CREATE TABLE bookable_pool (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} REFERENCES kind (id),
    space_id {uuid} UNIQUE REFERENCES space (id),
    occasion_id {uuid} UNIQUE REFERENCES occasion (id),
    capacity INTEGER CHECK (capacity > 0),
    terms {json},
    rev {big} NOT NULL,
    UNIQUE (station_id, kind_id),
    CHECK ((kind_id IS NOT NULL AND space_id IS NULL AND occasion_id IS NULL AND capacity IS NULL)
        OR (kind_id IS NULL AND space_id IS NOT NULL AND occasion_id IS NULL AND capacity = 1)
        OR (kind_id IS NULL AND space_id IS NULL AND occasion_id IS NOT NULL AND capacity IS NOT NULL))
) {keyed};
INSERT INTO bookable_pool (id, station_id, kind_id, rev) SELECT id, station_id, kind_id, rev FROM pool;

CREATE TABLE booking (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} REFERENCES kind (id),
    space_id {uuid} REFERENCES space (id),
    occasion_id {uuid} REFERENCES occasion (id),
    member_id {uuid} NOT NULL REFERENCES member (id),
    made_by {uuid} REFERENCES member (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    collected INTEGER NOT NULL CHECK (collected BETWEEN 0 AND quantity),
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('held', 'pending', 'confirmed', 'at_risk', 'ready', 'collected', 'ended', 'cancelled',
        'rejected', 'expired', 'no_show', 'displaced')),
    priority TEXT NOT NULL CHECK (priority IN ('medical', 'disabled', 'elderly', 'ordinary')),
    purpose TEXT,
    override_reason TEXT,
    terms {json} NOT NULL,
    lapses_at {time},
    created_at {time} NOT NULL,
    confirmed_at {time},
    decided_by {uuid} REFERENCES member (id),
    ready_at {time},
    collected_at {time},
    ended_at {time},
    ended_by {uuid} REFERENCES member (id),
    end_reason TEXT,
    pardoned_at {time},
    pardoned_by {uuid} REFERENCES member (id),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    rev {big} NOT NULL,
    CHECK (starts_at < ends_at),
    CHECK ((CASE WHEN kind_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) = 1),
    CHECK ((ended_at IS NOT NULL) = (state IN ('ended', 'cancelled', 'rejected', 'expired', 'no_show', 'displaced')))
) {keyed};
CREATE INDEX booking_of_member ON booking (member_id, id);
CREATE INDEX booking_at_station ON booking (station_id, starts_at);
CREATE INDEX open_booking_at_station ON booking (station_id, starts_at) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_booking_of_an_occasion ON booking (occasion_id, member_id)
    WHERE occasion_id IS NOT NULL AND ended_at IS NULL;

CREATE TABLE occupation (
    id {uuid} NOT NULL PRIMARY KEY,
    pool_id {uuid} NOT NULL REFERENCES bookable_pool (id),
    reason TEXT NOT NULL CHECK (reason IN ('loan', 'booking', 'occasion', 'outage')),
    qty INTEGER NOT NULL CHECK (qty > 0),
    s {big} NOT NULL,
    e {big} NOT NULL,
    turnaround {big} NOT NULL CHECK (turnaround >= 0),
    lapses_at {big},
    live {bool} NOT NULL,
    loan_id {uuid} REFERENCES loan (id),
    item_id {uuid} REFERENCES item (id),
    booking_id {uuid} REFERENCES booking (id),
    occasion_id {uuid} REFERENCES occasion (id),
    note TEXT,
    CHECK (e > s),
    CHECK (reason <> 'loan' OR (loan_id IS NOT NULL AND item_id IS NOT NULL AND qty = 1)),
    CHECK (reason <> 'booking' OR booking_id IS NOT NULL),
    CHECK (reason <> 'occasion' OR occasion_id IS NOT NULL),
    CHECK (reason <> 'outage' OR note IS NOT NULL)
) {keyed};
INSERT INTO occupation (id, pool_id, reason, qty, s, e, turnaround, live, loan_id, item_id)
    SELECT id, pool_id, reason, qty, s, e, 0, live, loan_id, item_id FROM claim;
DROP TABLE claim;
DROP TABLE pool;
ALTER TABLE bookable_pool RENAME TO pool;
ALTER TABLE occupation RENAME TO claim;
CREATE UNIQUE INDEX one_claim_per_loan ON claim (loan_id) WHERE loan_id IS NOT NULL;
CREATE UNIQUE INDEX one_live_claim_per_item ON claim (item_id) WHERE live = {true} AND item_id IS NOT NULL;
CREATE INDEX live_claims_of_pool ON claim (pool_id, s) WHERE live = {true};
CREATE INDEX live_promises_of_pool ON claim (pool_id) WHERE live = {true} AND reason <> 'loan';
CREATE INDEX claim_of_booking ON claim (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX claim_of_occasion ON claim (occasion_id) WHERE occasion_id IS NOT NULL;

CREATE TABLE set_aside (
    id {uuid} NOT NULL PRIMARY KEY,
    booking_id {uuid} NOT NULL REFERENCES booking (id),
    item_id {uuid} NOT NULL REFERENCES item (id),
    made_at {time} NOT NULL,
    made_by {uuid} REFERENCES member (id),
    ended_at {time}
) {keyed};
CREATE UNIQUE INDEX one_set_aside_per_item ON set_aside (item_id) WHERE ended_at IS NULL;
CREATE INDEX set_aside_for_booking ON set_aside (booking_id);

ALTER TABLE loan ADD COLUMN booking_id {uuid} REFERENCES booking (id);
