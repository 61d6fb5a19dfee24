//! Wire types and request signing of the procurement platform's contract.
