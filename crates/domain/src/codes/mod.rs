//! Code validation and normalisation.
