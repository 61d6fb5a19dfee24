//! 对账: a month's worklist, decisions, the signed statement.

use super::ledger::{NameAlias, UnitFactor};
use super::wire;
use crate::wire::OutboxState;

wire! {
    /// 差异种类.
    enum DifferenceKind {
        QuantityShort,
        QuantityOver,
        PriceDiffers,
        AmountDiffers,
        CodeDiffers,
        UnitDiffers,
        LotDiffers,
        ExpiryDiffers,
        NotOnPlatform,
        NotInLedger,
        ReceivedTwice,
        InvoicedMoreThanReceived,
        InvoiceMissing,
        SettledWithoutAcceptance,
        ReturnedStillInvoiced,
        WrongMonth,
        WrongSupplier,
    }
    /// 责任方.
    enum DifferenceOwner {
        Procurement,
        Store,
        Finance,
        Supplier,
    }
    /// 处理状态 of an item.
    enum ItemState {
        /// 待处理.
        Open,
        /// 已转办: somebody else is asked.
        Waiting,
        /// 已备案: a filing is on its way or accepted.
        Filed,
        /// 已认可: explained, nothing more to do.
        Accepted,
    }
    /// What an item of the worklist is.
    enum ItemSort {
        Difference,
        Proposal,
        Pair,
    }
    /// Which items a list shows.
    enum ItemScope {
        /// Differences and proposals that are open or waiting.
        Todo,
        Differences,
        Proposals,
        Pairs,
        /// Differences that were accepted or filed.
        Done,
        All,
    }
    /// In which order.
    enum ItemOrder {
        /// The largest amount first.
        Amount,
        /// The oldest first.
        Age,
    }
    enum PeriodState {
        /// Nothing imported for it.
        Empty,
        Open,
        Signed,
        /// Signed, and data came later.
        Adjusted,
    }
    /// 一方.
    enum LedgerSide {
        /// 平台.
        Platform,
        /// 医院台账.
        Ledger,
    }
    /// How a field of both sides compares.
    enum FieldMark {
        Agree,
        Differ,
        /// One side, or both, do not state it.
        Absent,
    }
    /// 调整: what later data did to a signed month.
    enum AdjustmentKind {
        /// A line that came after the signature.
        Added,
        /// A line whose content has changed.
        Changed,
        /// A line that is gone.
        Removed,
    }
    enum StatementFormat {
        Xlsx,
        Pdf,
    }
}

wire! {
    /// `yyyy-MM`.
    struct PeriodReq {
        period: String,
    }
    struct ReconcilePeriods {
        /// The newest first: every month with ledger lines, and the present one.
        periods: Vec<ReconcilePeriod>,
    }
    struct ReconcilePeriod {
        period: String,
        state: PeriodState,
        ledger_lines: u32,
        /// As it was computed last; none before the first time.
        summary: Option<ReconcileSummary>,
        signed_at: Option<String>,
        signed_by: Option<String>,
    }
    /// 汇总 of a month.
    struct ReconcileSummary {
        period: String,
        state: PeriodState,
        platform_lines: u32,
        ledger_lines: u32,
        platform_amount: String,
        ledger_amount: String,
        /// Ledger amount less platform amount.
        difference_amount: String,
        pairs: u32,
        /// Pairs without a difference.
        clean_pairs: u32,
        proposals: u32,
        /// Open or waiting.
        open: u32,
        open_amount: String,
        /// Accepted or filed.
        done: u32,
        unmatched_platform: u32,
        unmatched_ledger: u32,
        kinds: Vec<KindCount>,
        /// Keys and codes in the ledger that a spreadsheet spoilt.
        damaged: u32,
        /// Lines of this month that another month's signed statement has settled.
        settled_elsewhere: u32,
        adjustments: u32,
        /// Of pairs, proposals, differences and decisions: equal digests mean equal results.
        digest: String,
        computed_at: String,
        /// What undo would take back, for people.
        undo: Option<String>,
    }
    struct KindCount {
        kind: DifferenceKind,
        text: String,
        open: u32,
        done: u32,
        amount: String,
        /// Of those that are open.
        open_amount: String,
    }
    /// Open a month's worklist.
    struct ReconcileReq {
        period: String,
        scope: ItemScope,
        /// None means all.
        kinds: Vec<DifferenceKind>,
        states: Vec<ItemState>,
        owners: Vec<DifferenceOwner>,
        /// Words of which each occurs in order, code, name, lot, supplier or note.
        text: String,
        order: ItemOrder,
        /// Least amount, without its sign.
        least_amount: Option<String>,
        /// Least age in days.
        least_age: Option<u32>,
    }
    struct ReconcileView {
        view: u32,
        summary: ReconcileSummary,
        total: u32,
        amount: String,
        page_size: u32,
        first: Vec<ReconcileRow>,
    }
    struct ReconcilePageReq {
        view: u32,
        page: u32,
    }
    struct ReconcilePage {
        rows: Vec<ReconcileRow>,
    }
    /// An item of the worklist.
    struct ReconcileRow {
        /// Stable while the item is the same.
        item: String,
        sort: ItemSort,
        kind: Option<DifferenceKind>,
        kind_text: String,
        state: ItemState,
        owner: Option<DifferenceOwner>,
        owner_text: String,
        /// What closes it.
        action_text: String,
        note: String,
        /// Right less left; of a pair, its ledger amount.
        amount: String,
        /// Of the oldest line.
        date: Option<String>,
        age_days: u32,
        platform_lines: u32,
        ledger_lines: u32,
        order: String,
        code: String,
        name: String,
        spec: String,
        lot: String,
        supplier: String,
        platform_quantity: Option<String>,
        ledger_quantity: Option<String>,
        unit: String,
        /// 1 to 5 by pass, 0 by hand; of a difference without a pair none.
        pass: Option<u32>,
        /// Why they are a pair or a proposal, for people.
        reason: String,
        /// As an earlier month decided.
        remembered: Option<Remembered>,
        filing: Option<ItemFiling>,
    }
    /// 上月如此: an earlier month's decision on the same thing. It is proposed, never applied by itself.
    struct Remembered {
        period: String,
        state: ItemState,
        owner: Option<DifferenceOwner>,
        note: String,
    }
    /// 备案补录 made from an item.
    struct ItemFiling {
        /// The submission's key in the outbox.
        submission: String,
        state: OutboxState,
        /// The platform's text where it refused.
        error_text: Option<String>,
    }
    struct ReconcileItemReq {
        period: String,
        item: String,
    }
    /// Both sides of an item.
    struct ReconcileDetail {
        row: ReconcileRow,
        platform: Vec<ReconcileLine>,
        ledger: Vec<ReconcileLine>,
        /// Field by field, as they are listed.
        fields: Vec<FieldComparison>,
        /// Other items about the same lines.
        related: Vec<ReconcileRow>,
        history: Vec<DecisionRow>,
        /// May be changed: the month is not signed.
        editable: bool,
    }
    struct FieldComparison {
        /// The name in Chinese.
        field: String,
        /// Each line's value, in the order of the lines.
        platform: Vec<String>,
        ledger: Vec<String>,
        mark: FieldMark,
    }
    /// A line of either side.
    struct ReconcileLine {
        id: String,
        side: LedgerSide,
        /// 收货, 退货, 发票, 结算.
        kind_text: String,
        date: Option<String>,
        order: String,
        order_line: String,
        delivery: String,
        invoice: String,
        code: String,
        name: String,
        spec: String,
        manufacturer: String,
        supplier: String,
        lot: String,
        expiry: Option<String>,
        quantity: Option<String>,
        unit: String,
        price: Option<String>,
        amount: Option<String>,
        /// The platform's document, or the imported file and row.
        source: String,
        /// In a pair.
        paired: bool,
        /// Dated in another month: it is here to be linked.
        other_month: bool,
    }
    /// Look for lines to link with.
    struct ReconcileSearchReq {
        period: String,
        side: LedgerSide,
        /// Words of which each occurs in the line; without any, the likeliest for `like`.
        text: String,
        /// A line of the other side.
        like: Option<String>,
        /// Lines in pairs too.
        paired: bool,
    }
    struct ReconcileLines {
        lines: Vec<ReconcileLine>,
        total: u32,
    }
    /// Lines that belong together.
    struct LineGroup {
        platform: Vec<String>,
        ledger: Vec<String>,
    }
    /// 勾对 by hand; several groups split what was together.
    struct ReconcileLinkReq {
        period: String,
        groups: Vec<LineGroup>,
    }
    /// Items to accept, or to take apart.
    struct ReconcileItemsReq {
        period: String,
        items: Vec<String>,
    }
    /// 处理: a state, an owner, a note; what is not given stays.
    struct ReconcileMarkReq {
        period: String,
        items: Vec<String>,
        state: Option<ItemState>,
        owner: Option<DifferenceOwner>,
        note: Option<String>,
    }
    /// What an action leads to.
    struct ReconcileDone {
        summary: ReconcileSummary,
        /// How many items or lines it changed.
        changed: u32,
    }
    struct DecisionRow {
        /// What was done, for people.
        text: String,
        note: String,
        at: String,
        by: String,
        /// Taken back.
        undone: bool,
    }
    struct DecisionLog {
        decisions: Vec<DecisionRow>,
    }
    /// 学到的: names and factors that the month's certain pairs show, to be confirmed.
    struct ReconcileLearned {
        factors: Vec<LearnedFactor>,
        aliases: Vec<LearnedAlias>,
        known_factors: Vec<UnitFactor>,
        known_aliases: Vec<NameAlias>,
    }
    struct LearnedFactor {
        factor: UnitFactor,
        /// Pairs that show it.
        seen: u32,
    }
    struct LearnedAlias {
        alias: NameAlias,
        seen: u32,
    }
    /// Confirm or forget a factor or an alias.
    struct ReconcileKnownReq {
        period: String,
        add_factors: Vec<UnitFactor>,
        add_aliases: Vec<NameAlias>,
        remove_factors: Vec<UnitFactor>,
        remove_aliases: Vec<NameAlias>,
    }
    /// 容差, decimals; nought by default. `days` empty: as the data show.
    struct ReconcileTolerances {
        quantity: String,
        price: String,
        amount: String,
        days: Option<u32>,
    }
    /// 备案补录, prefilled from a ledger line.
    struct OffPlatformFiling {
        goods_name: String,
        goods_spec: String,
        unit: String,
        company_name: String,
        quantity: String,
        price: String,
        /// Price times quantity.
        amount: String,
        purchase_date: String,
        reason: String,
        responsible: String,
    }
    struct ReconcileFileReq {
        period: String,
        item: String,
        draft: OffPlatformFiling,
    }
    struct ReconcileSignReq {
        period: String,
        /// The digest that the person saw: other data refuse the signature.
        digest: String,
        note: String,
    }
    /// 对账单, signed.
    struct StatementInfo {
        period: String,
        digest: String,
        signed_at: String,
        signed_by: String,
        note: String,
        summary: ReconcileSummary,
        adjustments: Vec<AdjustmentRow>,
    }
    struct AdjustmentRow {
        kind: AdjustmentKind,
        line: ReconcileLine,
        /// Ledger: plus; platform: minus. Nought for a change that is not in money.
        amount: String,
    }
    /// Without a path the system's dialog asks.
    struct StatementSaveReq {
        period: String,
        format: StatementFormat,
        path: Option<String>,
    }
    struct FileWritten {
        path: String,
        sha256: String,
    }
}
