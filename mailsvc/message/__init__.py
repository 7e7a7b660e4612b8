"""One mail as a value: addresses, headers, MIME parts, text; pure functions that know no network and no database."""
