//! 发票: held against what was received, verified or sent back.

use sunbench_contract::{InvoiceVerifyPayload, SubmissionKind};
use sunbench_domain::Amount;
use sunbench_domain::purchase::invoice::{self as rules, Blue, Bought, InvoiceFault};
use sunbench_domain::state::{InvoiceState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::billing::{self, Invoice};

use super::bills::{counts, next, page};
use super::{Unsent, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::submit::Sending;
use crate::wire::{
    Act, BillsReq, InvoiceDetail, InvoiceFinding, InvoiceLineRow, InvoiceList, InvoiceReq, InvoiceRow,
    InvoiceVerifyReq, OutboxItem,
};

fn group(id: &str) -> String {
    format!("invoice:{id}")
}

/// An invoice and what the platform would hold against it.
struct Judged {
    invoice: Invoice,
    lines: Vec<billing::BilledLine>,
    /// Its red letters, or the invoice that it offsets.
    related: Vec<Invoice>,
    faults: Vec<InvoiceFault>,
}

impl Context<'_> {
    /// A page of invoices, the newest first.
    pub fn invoices(&self, req: &BillsReq) -> ApiResult<InvoiceList> {
        let page = page::<InvoiceState>(req)?;
        let (rows, states, unsent) = self.store.read(|conn| {
            Ok((billing::invoices(conn, &page)?, billing::invoice_states(conn)?, Unsent::read(conn)?))
        })?;
        Ok(InvoiceList {
            next: next(&rows, |row| (row.invoiced_on.clone(), row.key)),
            rows: rows.iter().map(|invoice| row(invoice, &unsent)).collect(),
            states: counts::<InvoiceState>(states),
        })
    }

    fn judged(&self, id: &str) -> ApiResult<Judged> {
        let found = self.store.read(|conn| {
            let Some(invoice) = billing::invoice(conn, id)? else { return Ok(None) };
            let lines = billing::invoice_lines(conn, invoice.key)?;
            let related = match &invoice.red_of {
                Some(number) => billing::invoices_numbered(conn, number)?,
                None => billing::red_letters(conn, &invoice.number)?,
            };
            let others = match &invoice.red_of {
                Some(number) => billing::red_letters(conn, number)?,
                None => Vec::new(),
            };
            Ok(Some((invoice, lines, related, others)))
        })?;
        let (invoice, lines, related, others) = found.ok_or(ErrorCode::NotFound)?;
        let blue = related.first().filter(|_| invoice.red_of.is_some()).map(|blue| Blue {
            amount: blue.amount,
            offset: others
                .iter()
                .filter(|other| other.id != invoice.id && other.state != InvoiceState::Refused.code())
                .filter_map(|other| Some(other.amount).filter(|amount| amount.is_negative()))
                .try_fold(Amount::ZERO, Amount::checked_add)
                .unwrap_or_default(),
        });
        let judged: Vec<rules::InvoiceLine<'_>> = lines
            .iter()
            .map(|line| rules::InvoiceLine {
                order_line: &line.order_line,
                quantity: line.quantity,
                amount: line.amount,
                of: line.price.map(|price| Bought { price, received: line.received, billed: line.billed }),
            })
            .collect();
        let faults = rules::faults(&rules::Invoice {
            number: &invoice.number,
            red: invoice.kind == "red",
            amount: invoice.amount,
            upstream: &invoice.upstream_number,
            blue,
            lines: &judged,
        });
        Ok(Judged { invoice, lines, related, faults })
    }

    /// One invoice against what was received.
    pub fn invoice(&self, req: &InvoiceReq) -> ApiResult<InvoiceDetail> {
        let judged = self.judged(&req.id)?;
        let (settlement, unsent) =
            self.store.read(|conn| Ok((billing::settlement_of(conn, &req.id)?, Unsent::read(conn)?)))?;
        Ok(InvoiceDetail {
            row: row(&judged.invoice, &unsent),
            lines: judged.lines.into_iter().map(line).collect(),
            acceptable: !judged.faults.iter().any(|fault| fault.is_refusal()),
            faults: judged.faults.into_iter().map(finding).collect(),
            related: judged.related.iter().map(|invoice| row(invoice, &unsent)).collect(),
            settlement,
            refuse_reason: judged.invoice.refuse_reason,
            submissions: self.submissions_of(&group(&req.id))?,
        })
    }

    /// 发票验证. What the platform would refuse is not sent; doing it twice queues once.
    pub fn invoice_verify(&self, req: &InvoiceVerifyReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.invoice);
        let items = self.store.read(|conn| outbox::of_document(conn, &document))?;
        let judged = self.judged(&req.invoice)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        let state = InvoiceState::from_code(&judged.invoice.state);
        if state.is_some_and(|state| !state.may_become(InvoiceState::Verified)) {
            return Err(ErrorCode::WrongState.into());
        }
        if req.accepted {
            if let Some(fault) = judged.faults.into_iter().find(|fault| fault.is_refusal()) {
                let code = match fault {
                    InvoiceFault::AboveReceived { .. } => ErrorCode::MoreThanLeft,
                    _ => ErrorCode::FieldInvalid,
                };
                let field = fault.line().map_or_else(|| "invoice".to_owned(), |at| format!("lines[{at}]"));
                return Err(ApiError::field(code, &field));
            }
        } else {
            required(&req.reason, "reason")?;
        }
        let payload = InvoiceVerifyPayload {
            invoice_id: req.invoice.clone(),
            accepted: req.accepted,
            reason: req.reason.trim().to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::InvoiceVerify,
            document: &document,
            base_ver: Some(judged.invoice.ver),
            action: "invoice.verify.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}

pub(super) fn row(invoice: &Invoice, unsent: &Unsent) -> InvoiceRow {
    InvoiceRow {
        id: invoice.id.clone(),
        number: invoice.number.clone(),
        kind: invoice.kind.clone(),
        supplier_id: invoice.supplier_id.clone(),
        supplier: invoice.supplier.clone(),
        invoiced_on: invoice.invoiced_on.clone(),
        amount: invoice.amount.to_string(),
        tax: invoice.tax.to_string(),
        red_of: invoice.red_of.clone(),
        upstream_number: invoice.upstream_number.clone(),
        state: invoice.state.clone(),
        state_text: invoice.state_text.clone(),
        ours: invoice.state == InvoiceState::Waiting.code(),
        waiting: unsent.is_waiting(&group(&invoice.id)),
    }
}

fn line(line: billing::BilledLine) -> InvoiceLineRow {
    InvoiceLineRow {
        order_line: line.order_line,
        order_code: line.order_code,
        line_no: line.line_no,
        product: line.product,
        spec: line.spec,
        unit: line.unit,
        price: line.price.map(|price| price.to_string()),
        quantity: line.quantity.to_string(),
        amount: line.amount.to_string(),
        received: line.received.to_string(),
        returned: line.returned.to_string(),
        billed: line.billed.to_string(),
    }
}

fn finding(fault: InvoiceFault) -> InvoiceFinding {
    InvoiceFinding {
        code: fault.code().to_owned(),
        refusal: fault.is_refusal(),
        text: fault.text_zh(),
        line: fault.line().map(|at| small(at as u64)),
    }
}
