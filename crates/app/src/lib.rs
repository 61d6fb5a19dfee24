//! Use cases, error codes and the one command list.
