//! Verdicts on whole applications in memory.
