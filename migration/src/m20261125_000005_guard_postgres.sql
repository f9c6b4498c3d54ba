-- The last referee of "promises never exceed capacity": whatever wrote the row, a promise that makes a pool too full is refused.
-- It locks the pool itself, so that it is right also for a writer that took no lock. A pool in which there are loans only is left
-- alone: each of them has its item. Facts (outage) are never refused, nor is the loan that a booking becomes when it is collected.
CREATE FUNCTION refuse_beyond_capacity() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE
    most bigint;
    depth bigint;
BEGIN
    PERFORM 1 FROM pool WHERE id = NEW.pool_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT 1 FROM claim o WHERE o.pool_id = NEW.pool_id AND o.live AND o.reason <> 'loan') THEN
        RETURN NULL;
    END IF;
    SELECT COALESCE(p.capacity, (SELECT COUNT(*) FROM item i WHERE i.station_id = p.station_id AND i.kind_id = p.kind_id
        AND (i.lifecycle = 'active' OR i.open_loan_id IS NOT NULL))) INTO most FROM pool p WHERE p.id = NEW.pool_id;
    SELECT COALESCE(MAX(x), 0) INTO depth FROM (
        SELECT SUM(d) OVER (ORDER BY t, d ROWS UNBOUNDED PRECEDING) AS x FROM (
            SELECT GREATEST(c.s, NEW.s) AS t, c.qty AS d FROM claim c
                WHERE c.pool_id = NEW.pool_id AND c.live AND c.s < NEW.e AND c.e > NEW.s
            UNION ALL
            SELECT c.e, -c.qty FROM claim c
                WHERE c.pool_id = NEW.pool_id AND c.live AND c.s < NEW.e AND c.e > NEW.s AND c.e < NEW.e) ends) depths;
    IF depth > most THEN
        RAISE EXCEPTION 'a pool is promised beyond its capacity' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
$guard$;
CREATE TRIGGER claim_guard_insert AFTER INSERT ON claim FOR EACH ROW
    WHEN (NEW.live AND NEW.reason <> 'outage' AND (NEW.reason <> 'loan' OR NEW.booking_id IS NULL))
    EXECUTE FUNCTION refuse_beyond_capacity();
CREATE TRIGGER claim_guard_update AFTER UPDATE OF pool_id, qty, s, e, live ON claim FOR EACH ROW
    WHEN (NEW.live AND NEW.reason <> 'outage' AND (NEW.reason <> 'loan' OR NEW.booking_id IS NULL) AND (NOT OLD.live OR NEW.pool_id <> OLD.pool_id OR NEW.qty > OLD.qty
        OR NEW.s < OLD.s OR NEW.e > OLD.e))
    EXECUTE FUNCTION refuse_beyond_capacity();
