//! 摆渡包: the exchange with a platform that this computer has no network to.

use super::wire;

wire! {
    /// Which file. Without a path the system's dialog asks for one.
    struct BundleReq {
        path: Option<String>,
    }
    /// What a bundle carried.
    struct BundleDone {
        /// The file that was written or read.
        path: String,
        /// Exporting: submissions that went in. Relaying: submissions that were answered. Importing: submissions that
        /// were settled.
        submissions: u32,
        /// Items of the platform: those that were fetched, or those that were taken in.
        changes: u32,
        /// Where the feed is followed from afterwards.
        cursor: Option<String>,
        /// Importing and relaying: everything up to the relay is there.
        complete: bool,
    }
    /// Where the exchange by bundle stands.
    struct BundleState {
        /// The key is here that the institution's computers share; without it connect or sync once.
        ready: bool,
        /// Submissions that went out in a bundle and whose answers have not come back.
        exported: u32,
        /// The last bundle that was written.
        last_export: Option<BundleTrace>,
        /// The last bundle that was taken in.
        last_import: Option<BundleTrace>,
    }
    struct BundleTrace {
        at: String,
        /// The bundle's number among this profile's.
        seq: u32,
        submissions: u32,
        changes: u32,
    }
}
