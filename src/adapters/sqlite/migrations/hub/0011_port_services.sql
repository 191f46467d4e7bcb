-- What answered at ports where something is expected: "443=certificate ..." (src/model/expected_service.hpp).
ALTER TABLE port_hosts ADD COLUMN services TEXT NOT NULL DEFAULT '';
