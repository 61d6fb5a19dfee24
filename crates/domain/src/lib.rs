//! Ids, codes, exact money and quantity, business documents and their states.
