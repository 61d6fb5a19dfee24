//! 企业的票据: invoices for what was received, red letters for what went back, reconciling.

use std::collections::HashMap;

use chrono::Datelike;
use sunbench_contract::{Invoice, InvoiceLine, OrderLine, Receipt, Resource, Return, Settlement};
use sunbench_domain::state::{InvoiceState, ReceiptState, ReturnState, SettlementState, State};
use sunbench_domain::{Amount, Quantity};

use super::Act;
use crate::error::Error;
use crate::life::{state_of, step};
use crate::object::{Slot, Stored, invoices_of};

/// Of each order line: what a distributor's invoices bill, red letters taken off and refused ones left out.
struct Billed {
    counts: HashMap<String, Quantity>,
    /// Of each line, the number of the last blue invoice.
    blue: HashMap<String, String>,
    /// Order line and amount of the red letters for a price difference.
    differences: Vec<(String, Amount)>,
}

impl Billed {
    fn read(act: &Act<'_, '_>, institution: &str, distributor: &str) -> Result<Self, Error> {
        let mut billed = Self { counts: HashMap::new(), blue: HashMap::new(), differences: Vec::new() };
        for found in invoices_of(act.connection, institution, distributor)? {
            let invoice = found.data;
            if InvoiceState::from_raw(&invoice.state) == Some(InvoiceState::Refused) {
                continue;
            }
            for line in invoice.lines {
                *billed.counts.entry(line.order_detail_id.clone()).or_default() += line.invoice_count;
                if invoice.kind == "blue" {
                    billed.blue.insert(line.order_detail_id, invoice.invoice_no.clone());
                } else if line.invoice_count == Quantity::ZERO {
                    billed.differences.push((line.order_detail_id, line.invoice_amount));
                }
            }
        }
        Ok(billed)
    }

    fn count(&self, line: &str) -> Quantity {
        self.counts.get(line).copied().unwrap_or_default()
    }
}

/// Bills what a receipt brought and no invoice bills yet.
pub(super) fn invoice(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(found) = act.find::<Receipt>(Resource::Receipt, id)? else { return Ok(false) };
    let receipt = &found.data;
    if state_of::<ReceiptState>(&receipt.state)? != ReceiptState::Accepted {
        return Ok(false);
    }
    let billed = Billed::read(act, &found.institution, &receipt.company_id_ps)?;
    let mut lines = Vec::new();
    for line in &receipt.lines {
        let Some(of) = line.order_detail_id.as_deref() else { continue };
        let Some(of) = act.find::<OrderLine>(Resource::OrderLine, of)?.map(|of| of.data) else { continue };
        let open = of.received_count - of.return_count - billed.count(&of.order_detail_id);
        let count = open.min(line.received_count);
        let amount = Amount::of(of.purchase_price, count).unwrap_or_default();
        if count > Quantity::ZERO {
            lines.push((of.order_detail_id, count, amount));
        }
    }
    if lines.is_empty() {
        return Ok(false);
    }
    write(act, &found.institution, &receipt.company_id_ps, ("blue", None), lines)?;
    Ok(true)
}

/// A red letter for what went back after it had been billed.
pub(super) fn red_letter(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(found) = act.find::<Return>(Resource::Return, id)? else { return Ok(false) };
    let of = &found.data;
    if state_of::<ReturnState>(&of.state)? != ReturnState::Confirmed {
        return Ok(false);
    }
    let billed = Billed::read(act, &found.institution, &of.company_id_ps)?;
    let (mut lines, mut red_of) = (Vec::new(), None);
    for line in &of.lines {
        let Some(blue) = billed.blue.get(&line.order_detail_id) else { continue };
        let order_line: Option<Stored<OrderLine>> = act.find(Resource::OrderLine, &line.order_detail_id)?;
        let Some(order_line) = order_line.map(|found| found.data) else { continue };
        if of.kind == "goods" {
            let kept = order_line.received_count - order_line.return_count;
            let count = (billed.count(&line.order_detail_id) - kept).min(line.return_count);
            let amount = Amount::of(order_line.purchase_price, count).unwrap_or_default();
            if count > Quantity::ZERO {
                lines.push((line.order_detail_id.clone(), -count, -amount));
                red_of = Some(blue.clone());
            }
        } else {
            let difference = (line.order_detail_id.clone(), -line.return_amount);
            if !billed.differences.contains(&difference) {
                lines.push((difference.0, Quantity::ZERO, difference.1));
                red_of = Some(blue.clone());
            }
        }
    }
    if lines.is_empty() {
        return Ok(false);
    }
    write(act, &found.institution, &of.company_id_ps, ("red", red_of), lines)?;
    Ok(true)
}

fn write(
    act: &mut Act<'_, '_>,
    institution: &str,
    distributor: &str,
    (kind, red_of): (&str, Option<String>),
    lines: Vec<(String, Quantity, Amount)>,
) -> Result<(), Error> {
    let id = act.publisher.new_id();
    let day = act.now.at().date_naive();
    let amount: Amount = lines.iter().map(|(_, _, amount)| *amount).sum();
    let record = Invoice {
        invoice_id: id.clone(),
        // Twenty digits: the year, and what the id has of place and number.
        invoice_no: format!("{:02}{:0>18}", day.year() % 100, &id[id.len().saturating_sub(18)..]),
        kind: kind.to_owned(),
        company_id_ps: distributor.to_owned(),
        invoice_date: day,
        amount,
        // 13 % of value-added tax is within the amount.
        tax_amount: Amount::from_units((amount.units() * 13 / 113) / 100 * 100),
        state: InvoiceState::Waiting.raw().to_owned(),
        state_text: InvoiceState::Waiting.text_zh().to_owned(),
        red_of,
        upstream_invoice_no: String::new(),
        refuse_reason: String::new(),
        lines: (1..)
            .zip(lines)
            .map(|(number, (order_detail_id, invoice_count, invoice_amount))| InvoiceLine {
                invoice_detail_id: format!("{id}{number:03}"),
                order_detail_id,
                invoice_count,
                invoice_amount,
            })
            .collect(),
    };
    let slot = Slot {
        institution: Some(institution),
        resource: Resource::Invoice,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount,
    };
    act.publisher.put(&slot, &record)?;
    Ok(())
}

/// A draft is presented.
pub(super) fn present(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Invoice>(Resource::Invoice, id)? else { return Ok(false) };
    if state_of::<InvoiceState>(&found.data.state)? != InvoiceState::Draft {
        return Ok(false);
    }
    let invoice = &mut found.data;
    step("发票", (&mut invoice.state, &mut invoice.state_text), InvoiceState::Waiting)?;
    act.publisher.replace(Resource::Invoice, id, &found)?;
    Ok(true)
}

/// The distributor reconciles a settlement, and again after a dispute.
pub(super) fn settlement(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Settlement>(Resource::Settlement, id)? else { return Ok(false) };
    let it = &mut found.data;
    let state: SettlementState = state_of(&it.state)?;
    if !matches!(state, SettlementState::Submitted | SettlementState::Disputed) {
        return Ok(false);
    }
    step("结算单", (&mut it.state, &mut it.state_text), SettlementState::Reconciling)?;
    act.publisher.replace(Resource::Settlement, id, &found)?;
    Ok(true)
}
