//! 带量采购协议, 购销合同, 证照.

use super::outbox::OutboxItem;
use super::supply::DayClock;
use super::{wire, wire_edited};

wire! {
    /// What a paper with an end is about.
    enum PaperKind {
        /// 注册证 of a product that the hospital bought.
        Registration,
        /// 购销合同、廉洁购销合同.
        Contract,
        /// 配送关系.
        Relation,
        /// CA 证书 that the person signs in with.
        Certificate,
    }
}

wire! {
    struct AgreementList {
        /// Those with something to sign first, by their deadline; then the latest.
        batches: Vec<AgreementBatch>,
    }
    /// 带量采购批次.
    struct AgreementBatch {
        batch: String,
        starts_on: String,
        ends_on: String,
        /// The nearest deadline of what is to be signed.
        sign_clock: Option<DayClock>,
        /// To be signed, or disputed.
        to_sign: u32,
        /// By variety.
        rows: Vec<AgreementRow>,
    }
    /// 带量采购协议.
    struct AgreementRow {
        id: String,
        variety: String,
        product_id: String,
        product: String,
        spec: String,
        maker: String,
        supplier: String,
        unit: String,
        agreed: String,
        /// Ordered under it so far, without what came to nothing.
        ordered: String,
        starts_on: String,
        ends_on: String,
        sign_by: String,
        /// While it is to be signed (泉州 2024-05-30 二).
        sign_clock: Option<DayClock>,
        signed_at: Option<String>,
        dispute_reason: String,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// It may be signed now, and disputed unless it is already.
        signable: bool,
        disputable: bool,
        /// Queued or being sent.
        waiting: bool,
    }
    struct AgreementSignReq {
        /// At least one; each is sent by itself.
        agreements: Vec<String>,
    }
    struct AgreementDisputeReq {
        agreement: String,
        reason: String,
    }
    /// Several submissions at once.
    struct OutboxItems {
        items: Vec<OutboxItem>,
    }
    struct ContractList {
        /// Those to be signed first, then by their end.
        rows: Vec<ContractRow>,
    }
    /// 购销合同, 廉洁购销合同.
    struct ContractRow {
        id: String,
        code: String,
        /// `purchase` or `clean`.
        kind: String,
        supplier_id: String,
        supplier: String,
        starts_on: String,
        ends_on: String,
        signed_on: Option<String>,
        /// Calendar days from acceptance to payment; none in a clean-dealing contract.
        payment_days: Option<u32>,
        /// Calendar days until its end; negative afterwards.
        days_left: i32,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        signable: bool,
        waiting: bool,
    }
    struct ContractSignReq {
        contract: String,
    }
    struct PaperList {
        /// By their end.
        rows: Vec<PaperRow>,
    }
    /// A paper that ends within 30 days, or has ended.
    struct PaperRow {
        kind: PaperKind,
        /// The product, the contract, the relation or the certificate.
        id: String,
        title: String,
        /// Its number, or whose goods may be delivered.
        detail: String,
        ends_on: String,
        /// Calendar days; negative afterwards.
        days_left: i32,
        /// 30, 15 or 7: the reminder that has come; 0 once it has ended.
        stage: u32,
    }
}

wire_edited! {
    /// 库存 of a product as it was counted.
    struct StockCount {
        product: String,
        stock: String,
    }
}

wire! {
    struct ContinuityReq {
        batch: String,
    }
    /// 衔接测算 of a batch (泉州 2024-05-30 三).
    struct Continuity {
        batch: String,
        /// Days of usage that the need is taken from.
        usage_days: u32,
        /// By variety.
        rows: Vec<ContinuityRow>,
    }
    struct ContinuityRow {
        product: String,
        variety: String,
        name: String,
        spec: String,
        maker: String,
        unit: String,
        starts_on: String,
        /// Received less returned in those days.
        used: String,
        /// As counted; none is not counted yet, and what follows from it is none too.
        stock: Option<String>,
        /// Until the batch begins.
        needed: String,
        gap: Option<String>,
        left_over: Option<String>,
        /// The last day that the stock covers.
        lasts_until: Option<String>,
        /// 现行挂网价, and the one in force when the batch begins.
        price: String,
        price_then: String,
        /// 库存差价: what the rest is worth less then.
        loss: Option<String>,
    }
    struct ContinuitySaveReq {
        batch: String,
        /// The whole count; products that are left out are not counted.
        stocks: Vec<StockCount>,
    }
    /// 价格表.
    struct PriceLists {
        /// The latest first.
        rows: Vec<PriceListRow>,
    }
    struct PriceListRow {
        id: String,
        name: String,
        /// `volume` 集采中选, `linkage` 价格联动.
        kind: String,
        batch: Option<String>,
        effective_at: String,
        /// The last day on which stock bought at the old price may be used.
        transition_ends_on: String,
        state: PriceListState,
        products: u32,
    }
    struct PriceListReq {
        list: String,
    }
    /// 调价过渡测算 (阜新 2020-06-30 一).
    struct PriceTransition {
        list: PriceListRow,
        /// Days of usage that the need is taken from.
        usage_days: u32,
        /// What the hospital bought; until the transition ends, at the list's old and new price.
        rows: Vec<ContinuityRow>,
    }
    struct PriceTransitionSaveReq {
        list: String,
        /// The whole count; products that are left out are not counted.
        stocks: Vec<StockCount>,
    }
}

wire! {
    /// 价格表的状态.
    enum PriceListState {
        /// Its instant is to come.
        Announced,
        /// It holds; old stock may still be used.
        Transition,
        /// It holds, and the old one is closed.
        Closed,
    }
}
