//! Rules of a purchase: before ordering, and at the store room's door. Pure: what they judge and the day are arguments.

pub mod continuity;
pub mod invoice;
pub mod item;
pub mod order;
pub mod receive;
