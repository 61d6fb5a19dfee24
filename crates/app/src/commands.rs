// The one list of commands: the shell registers them, the permission list and the TypeScript map are made
// from it, and `App::dispatch` answers them by name. Included as text by the shell's build script, so it
// holds nothing but the macro.

/// Calls `$callback!` with every command: `name(Request) -> Answer`.
#[macro_export]
macro_rules! with_commands {
    ($callback:ident) => {
        $callback! {
            app_state(Nothing) -> AppState,
            profile_create(ProfileCreateReq) -> ProfileCreated,
            profile_unlock(ProfileUnlockReq) -> AppState,
            profile_lock(Nothing) -> AppState,
            profile_salvage(Nothing) -> Salvaged,
            activity(Nothing) -> Nothing,
            lock_settings(Nothing) -> LockSettings,
            lock_settings_set(LockSettingsReq) -> LockSettings,
            people(Nothing) -> People,
            person_passphrase_set(PersonPassphraseReq) -> People,
            person_passphrase_remove(PersonPassphraseRemoveReq) -> People,
            sign_out(Nothing) -> AppState,
            recovery_code_renew(Nothing) -> ProfileCreated,
            backup_now(BackupNowReq) -> BackupMade,
            backup_settings(Nothing) -> BackupState,
            backup_settings_set(BackupSettingsReq) -> BackupState,
            backups_list(Nothing) -> BackupList,
            profile_restore(ProfileRestoreReq) -> ProfileRestored,
            key_rotate(KeyRotateReq) -> ProfileCreated,
            passphrase_change(PassphraseChangeReq) -> AppState,
            connect(ConnectReq) -> AppState,
            demo_start(Nothing) -> AppState,
            demo_online(DemoOnlineReq) -> AppState,
            sync_now(Nothing) -> SyncStatus,
            sync_cancel(Nothing) -> SyncStatus,
            sync_status(Nothing) -> SyncStatus,
            quarantine_list(Nothing) -> QuarantineList,
            today(Nothing) -> Today,
            check_in(Nothing) -> Today,
            attendance(AttendanceReq) -> Attendance,
            notices_list(NoticesReq) -> NoticeList,
            notice_detail(NoticeReq) -> NoticeDetail,
            notice_draft_save(DraftSaveReq) -> DraftSaved,
            notice_attach(AttachReq) -> Attachment,
            notice_attachment(AttachmentReq) -> AttachmentContent,
            notice_reply(ReplyReq) -> OutboxItem,
            orders_open(OrdersReq) -> OrdersView,
            orders_page(OrdersPageReq) -> OrderPage,
            order_line(OrderLineReq) -> OrderLineDetail,
            search(SearchReq) -> SearchHits,
            outbox_list(OutboxReq) -> OutboxList,
            outbox_withdraw(OutboxKeyReq) -> OutboxItem,
            outbox_resend(OutboxKeyReq) -> OutboxItem,
            bundle_state(Nothing) -> BundleState,
            bundle_export(BundleReq) -> BundleDone,
            bundle_relay(BundleReq) -> BundleDone,
            bundle_import(BundleReq) -> BundleDone,
            code_check(CodeCheckReq) -> CodeCheckAnswer,
            preferences(Nothing) -> Preferences,
            preference_set(PreferenceSetReq) -> Preferences,
            audit_page(AuditReq) -> AuditPage,
            verify(Nothing) -> Verification,
        }
    };
}
