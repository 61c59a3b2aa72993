//! Guard files as rules.
