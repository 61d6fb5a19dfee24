//! The adapters: each speaks one platform's own protocol.

pub mod reference;
