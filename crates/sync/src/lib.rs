//! Synchronisation with the procurement platforms.
