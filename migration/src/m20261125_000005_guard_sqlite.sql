-- The last referee of "promises never exceed capacity": whatever wrote the row, a promise that makes a pool too full is refused.
-- A pool in which there are loans only is left alone: each of them has its item. Facts (outage) are never refused, nor is the loan that a booking becomes when it is collected.
CREATE TRIGGER claim_guard_insert AFTER INSERT ON claim
WHEN NEW.live = 1 AND NEW.reason <> 'outage' AND (NEW.reason <> 'loan' OR NEW.booking_id IS NULL)
    AND EXISTS (SELECT 1 FROM claim o WHERE o.pool_id = NEW.pool_id AND o.live = 1 AND o.reason <> 'loan')
BEGIN
    SELECT RAISE(ABORT, 'a pool is promised beyond its capacity')
    WHERE (SELECT COALESCE(MAX(x), 0) FROM (
            SELECT SUM(d) OVER (ORDER BY t, d ROWS UNBOUNDED PRECEDING) AS x FROM (
                SELECT MAX(c.s, NEW.s) AS t, c.qty AS d FROM claim c
                    WHERE c.pool_id = NEW.pool_id AND c.live = 1 AND c.s < NEW.e AND c.e > NEW.s
                UNION ALL
                SELECT c.e, -c.qty FROM claim c
                    WHERE c.pool_id = NEW.pool_id AND c.live = 1 AND c.s < NEW.e AND c.e > NEW.s AND c.e < NEW.e)))
        > (SELECT COALESCE(p.capacity, (SELECT COUNT(*) FROM item i WHERE i.station_id = p.station_id AND i.kind_id = p.kind_id
                AND (i.lifecycle = 'active' OR i.open_loan_id IS NOT NULL))) FROM pool p WHERE p.id = NEW.pool_id);
END;
CREATE TRIGGER claim_guard_update AFTER UPDATE OF pool_id, qty, s, e, live ON claim
WHEN NEW.live = 1 AND NEW.reason <> 'outage' AND (NEW.reason <> 'loan' OR NEW.booking_id IS NULL)
    AND (OLD.live = 0 OR NEW.pool_id <> OLD.pool_id OR NEW.qty > OLD.qty OR NEW.s < OLD.s
        OR NEW.e > OLD.e)
    AND EXISTS (SELECT 1 FROM claim o WHERE o.pool_id = NEW.pool_id AND o.live = 1 AND o.reason <> 'loan')
BEGIN
    SELECT RAISE(ABORT, 'a pool is promised beyond its capacity')
    WHERE (SELECT COALESCE(MAX(x), 0) FROM (
            SELECT SUM(d) OVER (ORDER BY t, d ROWS UNBOUNDED PRECEDING) AS x FROM (
                SELECT MAX(c.s, NEW.s) AS t, c.qty AS d FROM claim c
                    WHERE c.pool_id = NEW.pool_id AND c.live = 1 AND c.s < NEW.e AND c.e > NEW.s
                UNION ALL
                SELECT c.e, -c.qty FROM claim c
                    WHERE c.pool_id = NEW.pool_id AND c.live = 1 AND c.s < NEW.e AND c.e > NEW.s AND c.e < NEW.e)))
        > (SELECT COALESCE(p.capacity, (SELECT COUNT(*) FROM item i WHERE i.station_id = p.station_id AND i.kind_id = p.kind_id
                AND (i.lifecycle = 'active' OR i.open_loan_id IS NOT NULL))) FROM pool p WHERE p.id = NEW.pool_id);
END;
