DROP INDEX movement_of_lot;
CREATE INDEX movement_of_lot ON movement (lot_id, occurred_at, available, held, quarantined, to_dispose);
ALTER TABLE expiry_check ADD COLUMN began_at {time};
