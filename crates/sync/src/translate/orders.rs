//! Orders and their lines.

use sunbench_contract::time::Instant;
use sunbench_contract::{Order, OrderLine};
use sunbench_domain::state::{OrderLineState, State as _};
use sunbench_store::mirror::{Head, OrderId, OrderLineRow, OrderRow, OrgId, ProductId, Record};

use super::{Flaw, Translator, plausible};

impl Translator for Order {
    const ID_FIELD: &'static str = "orderId";
    fn own_id(&self) -> &str {
        &self.order_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::Order(OrderRow {
            head,
            code: self.order_code,
            kind: self.order_type,
            dept: self.hospital_dept,
            operator: self.operator,
            submit_at: self.submit_time.unix(),
            line_count: self.line_count,
            amount: plausible(self.order_amount, "orderAmount")?,
            remarks: self.remarks,
        }))
    }
}

impl Translator for OrderLine {
    const ID_FIELD: &'static str = "orderDetailId";
    fn own_id(&self) -> &str {
        &self.order_detail_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let (state, late) = match OrderLineState::from_platform(&self.order_detail_state) {
            Some((state, late)) => (state.code(), late),
            None => ("", false),
        };
        Ok(Record::OrderLine(OrderLineRow {
            head,
            order_key: OrderId(self.order_id),
            line_no: self.line_no,
            product_key: ProductId(self.procurecatalog_id),
            maker_key: OrgId(self.company_id_tb),
            supplier_key: OrgId(self.company_id_ps),
            unit: self.unit,
            quantity: self.purchase_count,
            price: self.purchase_price,
            amount: plausible(self.purchase_amount, "purchaseAmount")?,
            kind: self.order_type,
            raw_state: self.order_detail_state,
            state_text: self.state_text,
            state,
            late,
            submit_at: self.submit_time.unix(),
            response_at: self.response_time.map(Instant::unix),
            delivery_due_at: self.delivery_due_time.map(Instant::unix),
            delivered: self.distribute_count,
            received: self.received_count,
            returned: self.return_count,
            urgent: self.urgent,
            agreement_id: self.agreement_id,
            own_key: self.order_custom_info,
        }))
    }
}
