//! The contract over real HTTP, with a small signing client.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attachments;
mod client;
mod conserved;
mod console;
mod cycle;
mod description;
mod feed;
mod filing;
mod integrity;
mod sign_in;
mod stage;
mod states;
mod submissions;
mod world;
