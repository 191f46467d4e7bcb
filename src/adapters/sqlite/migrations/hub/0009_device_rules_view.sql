-- The five columns that producers outside know, now of all rules. Those of classes are packed: they are shown as "?" and
-- hexadecimal digits, because only the configuration says what the bytes mean. A store that producers write by SQL
-- brings functions for that, and a trigger behind `new`.
DROP VIEW device_rules;
CREATE VIEW device_rules (device, name, params, current, new) AS
    SELECT device, name, params, current, desired FROM rules
    UNION ALL
    SELECT d.name, c.name, '?' || lower(hex(r.key)),
           nullif('?' || lower(hex(CASE
               WHEN r.seq <= (CASE r.lane WHEN 0 THEN p.quick ELSE p.bulk END) AND f.seq IS NULL THEN r.want
               ELSE r.have END)), '?'),
           nullif('?' || lower(hex(r.want)), '?')
    FROM class_rules r
    JOIN class_positions p ON p.device = r.device AND p.class = r.class
    JOIN class_devices d ON d.id = r.device
    JOIN class_names c ON c.id = r.class
    LEFT JOIN class_refusals f ON f.device = r.device AND f.class = r.class AND f.key = r.key AND f.seq = r.seq;
