CREATE TABLE series (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    member_id {uuid} REFERENCES member (id),
    made_by {uuid} REFERENCES member (id),
    name TEXT,
    rule {json} NOT NULL,
    wish {json} NOT NULL,
    created_at {time} NOT NULL,
    ended_at {time}
) {keyed};
CREATE INDEX series_at_station ON series (station_id, id);
CREATE INDEX series_of_member ON series (member_id, id) WHERE member_id IS NOT NULL;

CREATE TABLE series_day (
    series_id {uuid} NOT NULL REFERENCES series (id),
    day {date} NOT NULL,
    booking_id {uuid} UNIQUE REFERENCES booking (id),
    occasion_id {uuid} UNIQUE REFERENCES occasion (id),
    reasons {json} NOT NULL,
    PRIMARY KEY (series_id, day),
    CHECK (booking_id IS NULL OR occasion_id IS NULL)
) {keyed};

CREATE TABLE feed (
    id {uuid} NOT NULL PRIMARY KEY,
    token_hash {bytes} NOT NULL UNIQUE,
    member_id {uuid} REFERENCES member (id),
    station_id {uuid} REFERENCES station (id),
    space_id {uuid} REFERENCES space (id),
    made_by {uuid} NOT NULL REFERENCES member (id),
    language TEXT NOT NULL,
    created_at {time} NOT NULL,
    revoked_at {time},
    CHECK ((CASE WHEN member_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN station_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN space_id IS NULL THEN 0 ELSE 1 END) = 1)
) {keyed};
CREATE INDEX feed_of_maker ON feed (made_by, id) WHERE revoked_at IS NULL;
