//! Invoices and settlements.

use sunbench_contract::time::Instant;
use sunbench_contract::{Invoice, Settlement};
use sunbench_domain::state::{InvoiceState, SettlementState};
use sunbench_store::mirror::{Head, InvoiceLineRow, InvoiceRow, OrgId, Record, SettlementRow};

use super::{Flaw, Translator, plausible, state_code};

impl Translator for Invoice {
    const ID_FIELD: &'static str = "invoiceId";
    fn own_id(&self) -> &str {
        &self.invoice_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let lines = self.lines.into_iter().map(|line| InvoiceLineRow {
            id: line.invoice_detail_id,
            order_line_id: line.order_detail_id,
            quantity: line.invoice_count,
            amount: line.invoice_amount,
        });
        let lines = lines.collect();
        let row = InvoiceRow {
            head,
            number: self.invoice_no,
            kind: self.kind,
            supplier_key: OrgId(self.company_id_ps),
            invoiced_on: self.invoice_date.to_string(),
            amount: plausible(self.amount, "amount")?,
            tax: plausible(self.tax_amount, "taxAmount")?,
            state: state_code::<InvoiceState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            red_of: self.red_of,
            upstream_number: self.upstream_invoice_no,
            refuse_reason: self.refuse_reason,
        };
        Ok(Record::Invoice(row, lines))
    }
}

impl Translator for Settlement {
    const ID_FIELD: &'static str = "settlementId";
    fn own_id(&self) -> &str {
        &self.settlement_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        let row = SettlementRow {
            head,
            code: self.settlement_code,
            kind: self.kind,
            supplier_key: OrgId(self.company_id_ps),
            period: self.period,
            state: state_code::<SettlementState>(&self.state),
            raw_state: self.state,
            state_text: self.state_text,
            amount: plausible(self.amount, "amount")?,
            due_on: self.due_date.to_string(),
            paid_at: self.paid_time.map(Instant::unix),
            created_at: self.create_time.unix(),
            dispute_reason: self.dispute_reason,
        };
        Ok(Record::Settlement(row, self.invoice_ids))
    }
}
