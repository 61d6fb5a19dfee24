//! Goods on their way: deliveries, receipts, returns, each with its lines.

use sunbench_contract::time::Instant;
use sunbench_contract::{Delivery, Receipt, Return};
use sunbench_domain::Amount;
use sunbench_domain::state::{DeliveryState, ReceiptState, ReturnState};
use sunbench_store::mirror::{
    DeliveryLineRow, DeliveryRow, Head, OrgId, ProductId, ReceiptLineRow, ReceiptRow, Record, ReturnLineRow,
    ReturnRow,
};

use super::{Flaw, Translator, plausible, state_code};

impl Translator for Delivery {
    const ID_FIELD: &'static str = "distributeId";
    fn own_id(&self) -> &str {
        &self.distribute_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let lines = self.lines.into_iter().map(|line| DeliveryLineRow {
            id: line.distribute_detail_id,
            order_line_id: line.order_detail_id,
            product: ProductId(line.procurecatalog_id),
            quantity: line.distribute_count,
            lot: line.lot_no,
            made_on: line.prod_date.map(|day| day.to_string()),
            expires_on: line.expiry_date.map(|day| day.to_string()),
            udi: line.udi,
        });
        let lines = lines.collect();
        let row = DeliveryRow {
            head,
            code: self.distribute_code,
            order_id: self.order_id,
            supplier_key: OrgId(self.company_id_ps),
            state: state_code::<DeliveryState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            shipped_at: self.distribute_time.unix(),
            arrived_at: self.arrive_time.map(Instant::unix),
            carrier: self.carrier,
            express_no: self.express_no,
        };
        Ok(Record::Delivery(row, lines))
    }
}

impl Translator for Receipt {
    const ID_FIELD: &'static str = "receiptId";
    fn own_id(&self) -> &str {
        &self.receipt_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let lines = self.lines.into_iter().map(|line| ReceiptLineRow {
            id: line.receipt_detail_id,
            delivery_line_id: line.distribute_detail_id,
            order_line_id: line.order_detail_id,
            received: line.received_count,
            rejected: line.rejected_count,
            reject_reason: line.reject_reason,
            lot: line.lot_no,
            expires_on: line.expiry_date.map(|day| day.to_string()),
            udi: line.udi,
        });
        let lines = lines.collect();
        let row = ReceiptRow {
            head,
            code: self.receipt_code,
            delivery_id: self.distribute_id,
            supplier_key: OrgId(self.company_id_ps),
            state: state_code::<ReceiptState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            received_at: self.receive_time.unix(),
            operator: self.operator,
            attachments: serde_json::to_string(&self.attachments).map_err(|_| Flaw::bad("attachments"))?,
        };
        Ok(Record::Receipt(row, lines))
    }
}

impl Translator for Return {
    const ID_FIELD: &'static str = "returnId";
    fn own_id(&self) -> &str {
        &self.return_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let amount = self
            .lines
            .iter()
            .try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.return_amount))
            .ok_or_else(|| Flaw::bad("lines"))?;
        let amount = plausible(amount, "lines")?;
        let lines = self.lines.into_iter().map(|line| ReturnLineRow {
            id: line.return_detail_id,
            order_line_id: line.order_detail_id,
            quantity: line.return_count,
            amount: line.return_amount,
            lot: line.lot_no,
        });
        let lines = lines.collect();
        let row = ReturnRow {
            head,
            code: self.return_code,
            kind: self.kind,
            supplier_key: OrgId(self.company_id_ps),
            state: state_code::<ReturnState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            returned_at: self.return_time.unix(),
            reason: self.reason,
            amount,
            refuse_reason: self.refuse_reason,
        };
        Ok(Record::Return(row, lines))
    }
}
