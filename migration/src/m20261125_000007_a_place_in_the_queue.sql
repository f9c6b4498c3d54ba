CREATE TABLE hold (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    kind_id {uuid} REFERENCES kind (id),
    space_id {uuid} REFERENCES space (id),
    occasion_id {uuid} REFERENCES occasion (id),
    member_id {uuid} NOT NULL REFERENCES member (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    starts_at {time},
    ends_at {time},
    flexible_minutes INTEGER NOT NULL CHECK (flexible_minutes >= 0),
    priority TEXT NOT NULL CHECK (priority IN ('medical', 'disabled', 'elderly', 'ordinary')),
    displaced_id {uuid} REFERENCES booking (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'met', 'left', 'missed', 'over')),
    missed INTEGER NOT NULL CHECK (missed >= 0),
    noted {json},
    queued_at {time} NOT NULL,
    created_at {time} NOT NULL,
    told_spare_at {time},
    ended_at {time},
    rev {big} NOT NULL,
    CHECK ((CASE WHEN kind_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) = 1),
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    CHECK (starts_at IS NULL OR starts_at < ends_at),
    CHECK (starts_at IS NOT NULL OR kind_id IS NOT NULL),
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'offered')))
) {keyed};
CREATE INDEX place_of_member ON hold (member_id, id);
CREATE INDEX open_place_for_kind ON hold (kind_id) WHERE ended_at IS NULL AND kind_id IS NOT NULL;
CREATE INDEX open_place_for_space ON hold (space_id) WHERE ended_at IS NULL AND space_id IS NOT NULL;
CREATE INDEX open_place_for_occasion ON hold (occasion_id) WHERE ended_at IS NULL AND occasion_id IS NOT NULL;
CREATE INDEX place_of_station ON hold (station_id, id);
CREATE UNIQUE INDEX one_place_per_displaced ON hold (displaced_id) WHERE displaced_id IS NOT NULL;

CREATE TABLE hold_place (
    hold_id {uuid} NOT NULL REFERENCES hold (id),
    station_id {uuid} NOT NULL REFERENCES station (id),
    PRIMARY KEY (hold_id, station_id)
) {keyed};
CREATE INDEX place_at_station ON hold_place (station_id, hold_id);

ALTER TABLE booking ADD COLUMN hold_id {uuid} REFERENCES hold (id);
CREATE UNIQUE INDEX one_offer_per_place ON booking (hold_id) WHERE hold_id IS NOT NULL AND ended_at IS NULL;
