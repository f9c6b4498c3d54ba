ALTER TABLE take ADD COLUMN external_no TEXT;
CREATE UNIQUE INDEX one_take_of_a_number ON take (station_id, external_no) WHERE external_no IS NOT NULL;
