//! The commands that are one use case each.

use std::sync::Arc;

use crate::app::{App, AppEvent};
use crate::error::{ApiError, ApiResult, ErrorCode};
#[allow(clippy::wildcard_imports)] // every wire type is used here, by the list
use crate::wire::*;

macro_rules! use_cases {
    ($($(#[$doc:meta])* $name:ident($req:ty) -> $answer:ty = |$context:ident, $app:ident, $r:ident| $body:expr;)*) => {
        impl App {$(
            $(#[$doc])*
            pub async fn $name(self: &Arc<Self>, $r: $req) -> ApiResult<$answer> {
                self.run(move |$context, $app| $body).await
            }
        )*}
    };
}

/// Use cases that queue a submission, and send it when there is a network.
macro_rules! submissions {
    ($($name:ident($req:ty) -> $answer:ty;)*) => {
        impl App {$(
            #[doc = concat!("[`crate::Context::", stringify!($name), "`], and sends it when there is a network.")]
            pub async fn $name(self: &Arc<Self>, req: $req) -> ApiResult<$answer> {
                let item = self.run(move |context, _| context.$name(&req)).await?;
                self.submitted();
                Ok(item)
            }
        )*}
    };
}

submissions! {
    notice_reply(ReplyReq) -> OutboxItem;
    receipt_submit(ReceiptReq) -> OutboxItem;
    receipt_confirm(ReceiptConfirmReq) -> OutboxItem;
    order_submit(OrderDraftReq) -> OutboxItem;
    order_cancel(OrderCancelReq) -> OutboxItem;
    return_submit(ReturnReq) -> OutboxItem;
    supply_issue_submit(SupplyIssueReq) -> OutboxItem;
    supply_issue_close(SupplyIssueCloseReq) -> OutboxItem;
    negotiation_invite(NegotiationInviteReq) -> OutboxItem;
    negotiation_decide(NegotiationDecideReq) -> OutboxItem;
    filing_submit(FilingDraftReq) -> OutboxItem;
    agreement_sign(AgreementSignReq) -> OutboxItems;
    agreement_dispute(AgreementDisputeReq) -> OutboxItem;
    contract_sign(ContractSignReq) -> OutboxItem;
    invoice_verify(InvoiceVerifyReq) -> OutboxItem;
    settlement_create(SettlementCreateReq) -> OutboxItem;
    settlement_confirm(SettlementConfirmReq) -> OutboxItem;
    evaluation_submit(EvaluationReq) -> OutboxItem;
    demand_report_submit(DemandReportReq) -> OutboxItem;
    demand_batch_submit(DemandBatchReq) -> OutboxItems;
    outbox_withdraw(OutboxKeyReq) -> OutboxItem;
    outbox_resend(OutboxKeyReq) -> OutboxItem;
    review_approve(OutboxKeyReq) -> OutboxItem;
    review_return(ReviewReturnReq) -> OutboxItem;
}

use_cases! {
    /// [`crate::Context::today_room`].
    today(Nothing) -> Today = |context, _app, _req| context.today_room();
    /// [`crate::Context::attendance`].
    attendance(AttendanceReq) -> Attendance = |context, _app, req| context.attendance(&req);
    /// [`crate::Context::notices_list`].
    notices_list(NoticesReq) -> NoticeList = |context, _app, req| context.notices_list(&req);
    /// [`crate::Context::notice_detail`].
    notice_detail(NoticeReq) -> NoticeDetail = |context, _app, req| context.notice_detail(&req);
    /// [`crate::Context::notice_draft_save`].
    notice_draft_save(DraftSaveReq) -> DraftSaved = |context, _app, req| context.notice_draft_save(&req);
    /// [`crate::Context::notice_attach`].
    notice_attach(AttachReq) -> Attachment = |context, _app, req| context.notice_attach(&req);
    /// [`crate::Context::notice_attachment`].
    notice_attachment(AttachmentReq) -> AttachmentContent = |context, _app, req| context.notice_attachment(&req);
    /// [`crate::Context::orders_open`].
    orders_open(OrdersReq) -> OrdersView = |context, app, req| context.orders_open(&app.views, &req);
    /// [`crate::Context::orders_page`].
    orders_page(OrdersPageReq) -> OrderPage = |context, app, req| context.orders_page(&app.views, &req);
    /// [`crate::Context::order_line`].
    order_line(OrderLineReq) -> OrderLineDetail = |context, _app, req| context.order_line(&req);
    /// [`crate::Context::search`].
    search(SearchReq) -> SearchHits = |context, _app, req| context.search(&req);
    /// [`crate::Context::deliveries`].
    deliveries(DeliveriesReq) -> DeliveryList = |context, _app, req| context.deliveries(&req);
    /// [`crate::Context::delivery`].
    delivery(DeliveryReq) -> DeliveryDetail = |context, _app, req| context.delivery(&req);
    /// [`crate::Context::delivery_scan`].
    delivery_scan(ScanReq) -> ScanFound = |context, _app, req| context.delivery_scan(&req);
    /// [`crate::Context::receipt_draft_save`].
    receipt_draft_save(ReceiptDraftReq) -> DraftSaved = |context, _app, req| context.receipt_draft_save(&req);
    /// [`crate::Context::order_draft_save`].
    order_draft_save(OrderDraft) -> DraftSaved = |context, _app, req| context.order_draft_save(&req);
    /// [`crate::Context::order_drafts`].
    order_drafts(Nothing) -> OrderDrafts = |context, _app, _req| context.order_drafts();
    /// [`crate::Context::order_draft_remove`].
    order_draft_remove(OrderDraftReq) -> OrderDrafts = |context, _app, req| context.order_draft_remove(&req);
    /// [`crate::Context::order_check`].
    order_check(OrderDraft) -> OrderCheck = |context, _app, req| context.order_check(&req);
    /// [`crate::Context::order_refused_take`].
    order_refused_take(OutboxKeyReq) -> OrderDraft = |context, _app, req| context.order_refused_take(&req);
    /// [`crate::Context::outbox_acknowledge`].
    outbox_acknowledge(OutboxKeyReq) -> OutboxItem = |context, _app, req| context.outbox_acknowledge(&req);
    /// [`crate::Context::order_templates`].
    order_templates(Nothing) -> OrderTemplates = |context, _app, _req| context.order_templates();
    /// [`crate::Context::order_template_save`].
    order_template_save(OrderTemplateSaveReq) -> OrderTemplates = |context, _app, req| context.order_template_save(&req);
    /// [`crate::Context::order_template_remove`].
    order_template_remove(OrderTemplateReq) -> OrderTemplates = |context, _app, req| context.order_template_remove(&req);
    /// [`crate::Context::department_requests`].
    department_requests(DepartmentRequestsReq) -> DepartmentRequests = |context, _app, req| context.department_requests(&req);
    /// [`crate::Context::requests_save`].
    requests_save(RequestsSaveReq) -> DepartmentRequests = |context, _app, req| context.requests_save(&req);
    /// [`crate::Context::request_remove`].
    request_remove(RequestRemoveReq) -> DepartmentRequests = |context, _app, req| context.request_remove(&req);
    /// [`crate::Context::requests_gather`].
    requests_gather(RequestsGatherReq) -> RequestsGathered = |context, _app, req| context.requests_gather(&req);
    /// [`crate::Context::surge_report`].
    surge_report(SurgeReq) -> SurgeReport = |context, _app, req| context.surge_report(&req);
    /// [`crate::Context::transfers`].
    transfers(TransfersReq) -> Transfers = |context, _app, req| context.transfers(&req);
    /// [`crate::Context::transfer_save`].
    transfer_save(TransferSaveReq) -> Transfer = |context, _app, req| context.transfer_save(&req);
    /// [`crate::Context::transfer_remove`].
    transfer_remove(TransferReq) -> Transfers = |context, _app, req| context.transfer_remove(&req);
    /// [`crate::Context::supply_issues`].
    supply_issues(SupplyIssuesReq) -> SupplyIssueList = |context, _app, req| context.supply_issues(&req);
    /// [`crate::Context::supply_issue`].
    supply_issue(SupplyIssueDetailReq) -> SupplyIssueDetail = |context, _app, req| context.supply_issue(&req);
    /// [`crate::Context::negotiations`].
    negotiations(NegotiationsReq) -> NegotiationList = |context, _app, req| context.negotiations(&req);
    /// [`crate::Context::negotiation`].
    negotiation(NegotiationReq) -> NegotiationDetail = |context, _app, req| context.negotiation(&req);
    /// [`crate::Context::filings`].
    filings(FilingsReq) -> FilingList = |context, _app, req| context.filings(&req);
    /// [`crate::Context::filing`].
    filing(FilingReq) -> FilingDetail = |context, _app, req| context.filing(&req);
    /// [`crate::Context::filing_check`].
    filing_check(FilingDraft) -> FilingCheck = |context, _app, req| context.filing_check(&req);
    /// [`crate::Context::filing_draft_save`].
    filing_draft_save(FilingDraft) -> DraftSaved = |context, _app, req| context.filing_draft_save(&req);
    /// [`crate::Context::filing_drafts`].
    filing_drafts(Nothing) -> FilingDrafts = |context, _app, _req| context.filing_drafts();
    /// [`crate::Context::filing_draft_remove`].
    filing_draft_remove(FilingDraftReq) -> FilingDrafts = |context, _app, req| context.filing_draft_remove(&req);
    /// [`crate::Context::agreements`].
    agreements(Nothing) -> AgreementList = |context, _app, _req| context.agreements();
    /// [`crate::Context::contracts`].
    contracts(Nothing) -> ContractList = |context, _app, _req| context.contracts();
    /// [`crate::Context::items`].
    items(HospitalItemsReq) -> HospitalItemList = |context, _app, req| context.items(&req);
    /// [`crate::Context::item_suggestions`].
    item_suggestions(HospitalItemReq) -> ItemSuggestions = |context, _app, req| context.item_suggestions(&req);
    /// [`crate::Context::item_link`].
    item_link(ItemLinkReq) -> HospitalItemRow = |context, _app, req| context.item_link(&req);
    /// [`crate::Context::item_unlink`].
    item_unlink(HospitalItemReq) -> HospitalItemRow = |context, _app, req| context.item_unlink(&req);
    /// [`crate::Context::continuity`].
    continuity(ContinuityReq) -> Continuity = |context, _app, req| context.continuity(&req);
    /// [`crate::Context::continuity_save`].
    continuity_save(ContinuitySaveReq) -> DraftSaved = |context, _app, req| context.continuity_save(&req);
    /// [`crate::Context::price_lists`].
    price_lists(Nothing) -> PriceLists = |context, _app, _req| context.price_lists();
    /// [`crate::Context::price_transition`].
    price_transition(PriceListReq) -> PriceTransition = |context, _app, req| context.price_transition(&req);
    /// [`crate::Context::price_transition_save`].
    price_transition_save(PriceTransitionSaveReq) -> DraftSaved =
        |context, _app, req| context.price_transition_save(&req);
    /// [`crate::Context::papers`].
    papers(Nothing) -> PaperList = |context, _app, _req| context.papers();
    /// [`crate::Context::returns`].
    returns(BillsReq) -> ReturnList = |context, _app, req| context.returns(&req);
    /// [`crate::Context::return_detail`].
    return_detail(ReturnDetailReq) -> ReturnDetail = |context, _app, req| context.return_detail(&req);
    /// [`crate::Context::returnable`].
    returnable(ReturnableReq) -> Returnable = |context, _app, req| context.returnable(&req);
    /// [`crate::Context::invoices`].
    invoices(BillsReq) -> InvoiceList = |context, _app, req| context.invoices(&req);
    /// [`crate::Context::invoice`].
    invoice(InvoiceReq) -> InvoiceDetail = |context, _app, req| context.invoice(&req);
    /// [`crate::Context::settlements`].
    settlements(BillsReq) -> SettlementList = |context, _app, req| context.settlements(&req);
    /// [`crate::Context::settlement`].
    settlement(SettlementReq) -> SettlementDetail = |context, _app, req| context.settlement(&req);
    /// [`crate::Context::settlement_candidates`].
    settlement_candidates(Nothing) -> SettlementCandidates = |context, _app, _req| context.settlement_candidates();
    /// [`crate::Context::payments`].
    payments(Nothing) -> PaymentList = |context, _app, _req| context.payments();
    /// [`crate::Context::catalogue`].
    catalogue(CatalogueReq) -> CatalogueList = |context, _app, req| context.catalogue(&req);
    /// [`crate::Context::product`].
    product(ProductReq) -> ProductDetail = |context, _app, req| context.product(&req);
    /// [`crate::Context::evaluations`].
    evaluations(Nothing) -> EvaluationList = |context, _app, _req| context.evaluations();
    /// [`crate::Context::demand_reports`].
    demand_reports(Nothing) -> DemandReportList = |context, _app, _req| context.demand_reports();
    /// [`crate::Context::demand_prefill`].
    demand_prefill(DemandPrefillReq) -> DemandPrefill = |context, _app, req| context.demand_prefill(&req);
    /// [`crate::Context::demand_batch_check`].
    demand_batch_check(DemandBatchReq) -> DemandBatchCheck = |context, _app, req| context.demand_batch_check(&req);
    /// [`crate::Context::indicators`].
    indicators(IndicatorsReq) -> IndicatorList = |context, _app, req| context.indicators(&req);
    /// [`crate::Context::indicator_lines`].
    indicator_lines(IndicatorLinesReq) -> IndicatorLines = |context, _app, req| context.indicator_lines(&req);
    /// [`crate::Context::agreements_progress`].
    agreements_progress(IndicatorsReq) -> AgreementsProgress
        = |context, _app, req| context.agreements_progress(&req);
    /// [`crate::Context::board`].
    board(Nothing) -> Board = |context, _app, _req| context.board();
    /// [`crate::Context::analysis`].
    analysis(AnalysisReq) -> Analysis = |context, _app, req| context.analysis(&req);
    /// [`crate::Context::self_check`].
    self_check(SelfCheckReq) -> SelfCheck = |context, _app, req| context.self_check(&req);
    /// [`crate::Context::exemptions`].
    exemptions(Nothing) -> Exemptions = |context, _app, _req| context.exemptions();
    /// [`crate::Context::exemption_add`].
    exemption_add(ExemptionReq) -> Exemptions = |context, _app, req| context.exemption_add(&req);
    /// [`crate::Context::exemption_remove`].
    exemption_remove(ExemptionRemoveReq) -> Exemptions = |context, _app, req| context.exemption_remove(&req);
    /// [`crate::Context::policy_packs`].
    policy_packs(Nothing) -> PolicyPacks = |context, _app, _req| context.policy_packs();
    /// [`crate::Context::policy_pack_set`].
    policy_pack_set(PolicyPackReq) -> PolicyPacks = |context, _app, req| context.policy_pack_set(&req);
    /// [`crate::Context::policy_rules`].
    policy_rules(PolicyPackReq) -> PolicyRules = |context, _app, req| context.policy_rules(&req);
    /// [`crate::Context::outbox_list`].
    outbox_list(OutboxReq) -> OutboxList = |context, _app, req| context.outbox_list(&req);
    /// [`crate::Context::review_rules`].
    review_rules(Nothing) -> ReviewRules = |context, _app, _req| context.review_rules();
    /// [`crate::Context::review_rule_set`].
    review_rule_set(ReviewRuleReq) -> ReviewRules = |context, _app, req| context.review_rule_set(&req);
    /// [`crate::Context::review_subject`].
    review_subject(OutboxKeyReq) -> ReviewSubject = |context, _app, req| context.review_subject(&req);
    /// [`crate::Context::roster`].
    roster(Nothing) -> Roster = |context, _app, _req| context.roster();
    /// [`crate::Context::duty_set`].
    duty_set(DutySetReq) -> Roster = |context, _app, req| context.duty_set(&req);
    /// [`crate::Context::absence_add`].
    absence_add(AbsenceReq) -> Roster = |context, _app, req| context.absence_add(&req);
    /// [`crate::Context::absence_remove`].
    absence_remove(AbsenceRemoveReq) -> Roster = |context, _app, req| context.absence_remove(&req);
    /// [`crate::Context::campuses`].
    campuses(Nothing) -> Campuses = |context, _app, _req| context.campuses();
    /// [`crate::Context::campuses_set`].
    campuses_set(CampusesReq) -> Campuses = |context, _app, req| context.campuses_set(&req);
    /// [`crate::Context::ledger_batches`].
    ledger_batches(Nothing) -> LedgerBatches = |context, _app, _req| context.ledger_batches();
    /// [`crate::Context::ledger_batch`].
    ledger_batch(LedgerBatchReq) -> LedgerBatchDetail = |context, _app, req| context.ledger_batch(&req);
    /// [`crate::Context::import_profiles`].
    import_profiles(Nothing) -> ImportProfiles = |context, _app, _req| context.import_profiles();
    /// [`crate::Context::import_profile_save`].
    import_profile_save(ImportProfileSaveReq) -> ImportProfiles
        = |context, _app, req| context.import_profile_save(&req);
    /// [`crate::Context::import_profile_remove`].
    import_profile_remove(ImportProfileReq) -> ImportProfiles
        = |context, _app, req| context.import_profile_remove(&req);
    /// [`crate::Context::bundle_state`].
    bundle_state(Nothing) -> BundleState = |context, _app, _req| context.bundle_state();
    /// [`crate::Context::preferences`].
    preferences(Nothing) -> Preferences = |context, _app, _req| context.preferences();
    /// [`crate::Context::preference_set`].
    preference_set(PreferenceSetReq) -> Preferences = |context, _app, req| context.preference_set(&req);
    /// [`crate::Context::audit_page`].
    audit_page(AuditReq) -> AuditPage = |context, _app, req| context.audit_page(&req);
    /// [`crate::Context::audit_verify`].
    audit_verify(Nothing) -> AuditState = |context, _app, _req| context.audit_verify();
    /// [`crate::Context::audit_explain`].
    audit_explain(AuditExplainReq) -> AuditAccount = |context, _app, req| context.audit_explain(&req);
    /// [`crate::Context::verify`].
    verify(Nothing) -> Verification = |context, _app, _req| context.verify();
    /// [`crate::Context::people`].
    people(Nothing) -> People = |context, _app, _req| context.people();
    /// [`crate::Context::person_passphrase_set`].
    person_passphrase_set(PersonPassphraseReq) -> People = |context, _app, req| context.person_passphrase_set(req);
    /// [`crate::Context::person_passphrase_remove`].
    person_passphrase_remove(PersonPassphraseRemoveReq) -> People
        = |context, _app, req| context.person_passphrase_remove(req);
    /// [`crate::Context::lock_settings`].
    lock_settings(Nothing) -> LockSettings = |context, _app, _req| context.lock_settings();
    /// [`crate::Context::lock_settings_set`].
    lock_settings_set(LockSettingsReq) -> LockSettings = |context, _app, req| context.lock_settings_set(&req);
    /// [`crate::Context::quarantine_list`].
    quarantine_list(Nothing) -> QuarantineList = |context, _app, _req| context.quarantine_list();
}

impl App {
    /// [`crate::Context::record_check_in`]: a person's own act; then Today.
    pub async fn check_in(self: &Arc<Self>, _: Nothing) -> ApiResult<Today> {
        self.run(|context, _| context.record_check_in()).await?;
        self.submitted();
        self.today(Nothing {}).await
    }

    /// Judges a code; needs no profile.
    #[allow(clippy::unused_async)] // a command like the others
    pub async fn code_check(self: &Arc<Self>, req: CodeCheckReq) -> ApiResult<CodeCheckAnswer> {
        crate::settings::code_check(&req)
    }

    /// The outbox has changed.
    pub(crate) fn submitted(self: &Arc<Self>) {
        self.wake();
        self.tell_status();
        self.tell(AppEvent::DataChanged);
    }
}

macro_rules! dispatch {
    ($($command:ident($request:ty) -> $answer:ty,)*) => {
        impl App {
            /// Any command by its name, with JSON in and out.
            pub async fn dispatch(
                self: &Arc<Self>,
                command: &str,
                request: serde_json::Value,
            ) -> ApiResult<serde_json::Value> {
                match command {
                    $(stringify!($command) => {
                        let request: $request = serde_json::from_value(request)
                            .map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "request"))?;
                        let answer = self.$command(request).await?.shown();
                        serde_json::to_value(answer).map_err(|error| ApiError::internal(&error))
                    })*
                    _ => Err(ErrorCode::NotFound.into()),
                }
            }
        }
    };
}
crate::with_commands!(dispatch);
