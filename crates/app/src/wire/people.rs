//! People, their passphrases and what they may do; the lock.

use super::wire;

wire! {
    /// 操作权限: what a use case needs of a person's roles.
    enum Act {
        /// 打卡.
        CheckIn,
        /// 起草: to write an answer and to attach files.
        Draft,
        /// 提交反馈: to sign for a notice and to answer it.
        Reply,
        /// 收货: to receive deliveries, and to accept what was pre-accepted.
        Receive,
        /// 采购: to order, cancel, return, file, and report.
        Purchase,
        /// 处理待发: to take submissions back and to send them again.
        Submissions,
        /// 摆渡: to carry work to another computer and back.
        Exchange,
        /// 对账: to import ledgers, to decide about differences, to file off-platform purchases.
        Reconcile,
        /// 签对账单.
        SignOff,
        /// 内部制度: which submissions a second person reviews, who answers for what.
        Govern,
        /// 管理本机数据: keys, restoring, backups' settings, the lock's settings.
        Manage,
    }
}

wire! {
    /// 本机人员: everybody who ever signed in with this profile.
    struct People {
        people: Vec<PersonRow>,
    }
    struct PersonRow {
        /// The sign-in name at the platform.
        user: String,
        name: String,
        roles: Vec<String>,
        /// The one whose name stands on what is done now.
        at_work: bool,
        /// Has credentials here; without, the platform is reached after signing in again.
        signed_in: bool,
        /// Unlocks with a passphrase of his own, without a network too.
        has_passphrase: bool,
        signed_in_at: String,
        /// Submissions in his name that have not been sent.
        waiting: u32,
    }
    /// Somebody whom the lock screen offers.
    struct LockedPerson {
        id: String,
        name: String,
    }
    /// Set or change the own passphrase. The present one is needed, save where the recovery code opened the profile.
    struct PersonPassphraseReq {
        current: Option<String>,
        passphrase: String,
    }
    /// Take the own passphrase away.
    struct PersonPassphraseRemoveReq {
        current: String,
    }
    /// When the program locks by itself.
    struct LockSettings {
        /// Minutes without a key or a pointer; 0 is never.
        idle_minutes: u32,
        /// Unlocking asks for something that a colleague does not know.
        secret: bool,
        /// Chosen by a person; else 15 where unlocking asks for something, and never where it does not.
        chosen: bool,
    }
    struct LockSettingsReq {
        /// 0 to 240.
        idle_minutes: u32,
    }
}
