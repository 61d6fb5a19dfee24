//! The contract over real HTTP, with a small signing client.

mod attachments;
mod client;
mod console;
mod description;
mod feed;
mod sign_in;
mod submissions;
mod world;
