ALTER TABLE lot ADD COLUMN seen_closed_at {time};
