CREATE TABLE ticket (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} REFERENCES station (id),
    item_id {uuid} REFERENCES item (id),
    what TEXT NOT NULL CHECK (what IN ('broken', 'part_missing', 'dirty', 'wrong_sticker', 'place', 'wish', 'other')),
    reports INTEGER NOT NULL CHECK (reports > 0),
    opened_at {time} NOT NULL,
    reported_at {time} NOT NULL,
    seen_at {time},
    seen_by {uuid} REFERENCES member (id),
    closed_at {time},
    closed_by {uuid} REFERENCES member (id),
    outcome TEXT CHECK (outcome IN ('repaired', 'replaced', 'no_fault', 'retired', 'answered')),
    answer TEXT,
    CHECK (station_id IS NOT NULL OR item_id IS NOT NULL),
    CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CHECK (outcome IS NULL OR outcome <> 'retired' OR item_id IS NOT NULL)
) {keyed};
CREATE UNIQUE INDEX one_open_ticket_of_an_item ON ticket (item_id) WHERE closed_at IS NULL AND item_id IS NOT NULL;
CREATE INDEX ticket_at_station ON ticket (station_id, id) WHERE station_id IS NOT NULL;
CREATE INDEX open_ticket_at_station ON ticket (station_id, id) WHERE closed_at IS NULL;
CREATE INDEX ticket_of_item ON ticket (item_id, id) WHERE item_id IS NOT NULL;

CREATE TABLE ticket_note (
    id {uuid} NOT NULL PRIMARY KEY,
    ticket_id {uuid} NOT NULL REFERENCES ticket (id),
    what TEXT NOT NULL CHECK (what IN ('broken', 'part_missing', 'dirty', 'wrong_sticker', 'place', 'wish', 'other')),
    note TEXT,
    photo_id {uuid},
    by_keeper {bool} NOT NULL,
    created_at {time} NOT NULL
) {keyed};
CREATE INDEX note_of_ticket ON ticket_note (ticket_id, id);

CREATE TABLE station_photo (
    id {uuid} NOT NULL PRIMARY KEY,
    station_id {uuid} NOT NULL REFERENCES station (id),
    jpeg {bytes} NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX photo_of_station ON station_photo (station_id);
