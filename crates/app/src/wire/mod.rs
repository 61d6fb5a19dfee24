//! What crosses IPC. Business values are text: decimals, instants as RFC 3339 with +08:00, dates as yyyy-MM-dd;
//! counters are 32-bit.

mod attachments;
mod audit;
mod backup;
mod billing;
mod bundle;
mod catalogue;
mod filing;
mod indicators;
mod items;
mod ledger;
mod notices;
mod orders;
mod outbox;
mod people;
mod print;
mod purchase;
mod receiving;
mod reconcile;
mod requests;
mod session;
mod settings;
mod shown;
mod supply;
mod sync;
mod teamwork;
mod today;
mod volume;

pub use attachments::*;
pub use audit::*;
pub use backup::*;
pub use billing::*;
pub use bundle::*;
pub use catalogue::*;
pub use filing::*;
pub use indicators::*;
pub use items::*;
pub use ledger::*;
pub use notices::*;
pub use orders::*;
pub use outbox::*;
pub use people::*;
pub use print::*;
pub use purchase::*;
pub use receiving::*;
pub use reconcile::*;
pub use requests::*;
pub use session::*;
pub use settings::*;
pub use shown::Shown;
pub use supply::*;
pub use sync::*;
pub use teamwork::*;
pub use today::*;
pub use volume::*;

/// Defines types that cross IPC.
macro_rules! wire {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export_to = "wire.ts")]
        #[allow(missing_docs)] // the fields say what they hold
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl $crate::wire::Shown for $name {
            fn show(&mut self) {
                $($crate::wire::Shown::show(&mut self.$field);)*
            }
        }
    )*};
    ($($(#[$doc:meta])* enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export_to = "wire.ts")]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $crate::wire::Shown for $name {
            fn show(&mut self) {}
        }
    )*};
}
pub(crate) use wire;

/// Defines types that hold what a person is editing: their text goes to the window and comes back as it is.
macro_rules! wire_edited {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export_to = "wire.ts")]
        #[allow(missing_docs)] // the fields say what they hold
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl $crate::wire::Shown for $name {
            fn show(&mut self) {}
        }
    )*};
}
pub(crate) use wire_edited;

wire! {
    /// A request or an answer without content.
    struct Nothing {}
}
