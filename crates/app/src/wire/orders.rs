//! 订单.

use super::wire;

wire! {
    struct OrdersReq {
        text: String,
        /// Canonical state codes; none means all.
        states: Vec<String>,
        from: Option<String>,
        to: Option<String>,
        /// 院区, by its id; none is all.
        campus: Option<String>,
    }
    /// An open list: its pages are asked for by number.
    struct OrdersView {
        view: u32,
        total: u32,
        /// The sum of the lines, where it is known at once.
        amount: Option<String>,
        page_size: u32,
        first: Vec<OrderRow>,
        states: Vec<StateCount>,
    }
    /// How many lines are in a state.
    struct StateCount {
        state: String,
        text: String,
        count: u32,
    }
    struct OrdersPageReq {
        view: u32,
        page: u32,
    }
    struct OrderPage {
        rows: Vec<OrderRow>,
    }
    struct OrderRow {
        id: String,
        order_code: String,
        line_no: u32,
        /// 挂网产品, to order it again.
        product_id: String,
        product: String,
        spec: String,
        model: String,
        mcs_code: Option<String>,
        maker: String,
        supplier_id: String,
        supplier: String,
        unit: String,
        quantity: String,
        price: String,
        amount: String,
        kind: String,
        state: String,
        state_text: String,
        /// The platform says late, or its delivery clock has run out.
        late: bool,
        urgent: bool,
        submitted_at: String,
        delivery_due_at: Option<String>,
        delivered: String,
        received: String,
        returned: String,
        dept: String,
    }
    struct OrderLineReq {
        id: String,
    }
    struct OrderLineDetail {
        row: OrderRow,
        /// From order to payment, in time.
        life: Vec<LifeEvent>,
        siblings: Vec<OrderRow>,
        /// 科室申请 behind the line, such as 骨科 3、ICU 2; empty where there is none.
        requested_by: String,
        order_id: String,
    }
    struct LifeEvent {
        kind: LifeKind,
        at: String,
        /// Only a date is known.
        date_only: bool,
        title: String,
        detail: String,
        state: String,
        state_text: String,
        quantity: Option<String>,
        amount: Option<String>,
        lot: Option<String>,
        expires: Option<String>,
    }
    struct SearchReq {
        text: String,
    }
    struct SearchHits {
        hits: Vec<SearchHit>,
    }
    struct SearchHit {
        kind: HitKind,
        id: String,
        title: String,
        detail: String,
    }
    struct CodeCheckReq {
        kind: String,
        value: String,
    }
    struct CodeCheckAnswer {
        kind: String,
        valid: bool,
        normalized: String,
        parts: Vec<CodePart>,
        reason: Option<String>,
    }
    struct CodePart {
        name: String,
        value: String,
    }
}

wire! {
    enum LifeKind {
        Ordered,
        Responded,
        Delivered,
        Received,
        Returned,
        Invoiced,
        Settled,
        Paid,
    }
    enum HitKind {
        Notice,
        Product,
        Org,
        Order,
    }
}
