"""One published wire format each: paths, field names, shapes and words. No logic, and none knows another."""
