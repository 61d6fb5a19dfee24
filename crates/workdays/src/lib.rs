//! Statutory working-day calendar of China, deadlines and hour clocks.
