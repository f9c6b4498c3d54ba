ALTER TABLE claim ADD COLUMN outage_id {uuid};
UPDATE claim SET outage_id = id WHERE reason = 'outage';
CREATE INDEX claim_of_outage ON claim (outage_id) WHERE outage_id IS NOT NULL;
