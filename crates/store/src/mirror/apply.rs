//! Applies a batch of whole documents in one transaction.
//!
//! Prepared statements over typed rows, with the tallies summed in memory and written once a batch: measured
//! faster than a second pass from staging tables, and a record's earlier state is read only when it has one.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction, params};

use sunbench_domain::Quantity;

use super::counting::{Counting, PRICE_LIST, Priced};
use super::dims::Dims;
use super::recount;
use super::rows::{
    AgreementRow, CheckInRow, DeleteRow, DeliveryLineRow, DeliveryRow, DocumentRow, HospItemRow,
    InvoiceLineRow, InvoiceRow, NoticeReplyRow, NoticeRow, OrderLineRow, OrderRow, OrgRow, ProductRow,
    ReceiptLineRow, ReceiptRow, ReturnLineRow, ReturnRow, SettlementRow,
};
use super::sync_state;
use super::table::{Effect, MirrorRow, find, upsert};
use super::tally::Tally;
use crate::error::StoreResult;

/// One change, translated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Record {
    Org(OrgRow),
    Product(ProductRow),
    HospItem(HospItemRow),
    Agreement(AgreementRow),
    Order(OrderRow),
    OrderLine(OrderLineRow),
    Delivery(DeliveryRow, Vec<DeliveryLineRow>),
    Receipt(ReceiptRow, Vec<ReceiptLineRow>),
    Return(ReturnRow, Vec<ReturnLineRow>),
    Invoice(InvoiceRow, Vec<InvoiceLineRow>),
    /// With the ids of its invoices.
    Settlement(SettlementRow, Vec<String>),
    Notice(NoticeRow),
    NoticeReply(NoticeReplyRow),
    CheckIn(CheckInRow),
    Document(DocumentRow),
    Delete(DeleteRow),
}

/// What became of a batch; the two add up to what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// New, changed or deleted.
    pub applied: u64,
    /// Known already.
    pub unchanged: u64,
}

/// Applies whole documents, in the order in which they came. Applying again changes nothing.
///
/// ```no_run
/// # fn f(store: &sunbench_store::Store, records: &[sunbench_store::mirror::Record]) -> Result<(), sunbench_store::StoreError> {
/// let applied = store.write_mirror(|tx| sunbench_store::mirror::apply(tx, records))?;
/// assert_eq!(applied.applied + applied.unchanged, records.len() as u64);
/// # Ok(()) }
/// ```
pub fn apply(tx: &Transaction<'_>, records: &[Record]) -> StoreResult<Applied> {
    let mut batch = Batch {
        dims: Dims::new(tx),
        tally: Tally::default(),
        counting: recount::counting(tx)?,
        has_tombstones: tx.query_row("SELECT EXISTS (SELECT 1 FROM tombstone)", [], |row| row.get(0))?,
        dead: HashMap::new(),
    };
    let mut applied = Applied::default();
    for record in records {
        if batch.record(record)? {
            applied.applied += 1;
        } else {
            applied.unchanged += 1;
        }
    }
    batch.tally.write(tx)?;
    batch.counting.write(tx)?;
    if applied.applied > 0 {
        sync_state::count_change(tx)?;
    }
    Ok(applied)
}

struct Batch<'t> {
    dims: Dims<'t>,
    tally: Tally,
    counting: Counting,
    has_tombstones: bool,
    dead: HashMap<(String, String), i64>,
}

impl Batch<'_> {
    fn record(&mut self, record: &Record) -> StoreResult<bool> {
        match record {
            Record::Org(row) => {
                let effect = self.plain(row)?;
                self.dimension(effect, |tx, key| super::search::index_org(tx, key, row))
            }
            Record::Product(row) => {
                self.product_changes(row)?;
                let effect = self.plain(row)?;
                self.dimension(effect, |tx, key| super::search::index_product(tx, key, row))
            }
            Record::HospItem(row) => {
                self.item_changes(&row.head.id)?;
                let product = self.dims.product(&row.product_key.0)?;
                self.counting.item(self.dims.tx(), product)?;
                let effect = self.plain(row)?;
                self.dimension(effect, |tx, key| super::search::index_hosp_item(tx, key, row))
            }
            Record::Agreement(row) => Ok(self.plain(row)? != Effect::Unchanged),
            Record::Order(row) => {
                self.order_changes(row)?;
                Ok(self.plain(row)? != Effect::Unchanged)
            }
            Record::OrderLine(row) => self.order_line(row),
            Record::Delivery(row, lines) => self.delivery(row, lines),
            Record::Receipt(row, lines) => self.receipt(row, lines),
            Record::Return(row, lines) => self.goods_return(row, lines),
            Record::Invoice(row, lines) => self.invoice(row, lines),
            Record::Settlement(row, invoices) => self.settlement(row, invoices),
            Record::Notice(row) => Ok(self.plain(row)? != Effect::Unchanged),
            Record::NoticeReply(row) => Ok(self.plain(row)? != Effect::Unchanged),
            Record::CheckIn(row) => Ok(self.plain(row)? != Effect::Unchanged),
            Record::Document(row) => self.document(row),
            Record::Delete(row) => self.delete(row),
        }
    }

    /// Whether the platform has deleted this record at this version or later.
    fn is_dead(&mut self, resource: &str, id: &str, ver: i64) -> StoreResult<bool> {
        if let Some(dead) = self.dead.get(&(resource.to_owned(), id.to_owned())) {
            return Ok(*dead >= ver);
        }
        if !self.has_tombstones {
            return Ok(false);
        }
        Ok(self
            .dims
            .tx()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM tombstone WHERE resource = ?1 AND id = ?2 AND ver >= ?3)",
            )?
            .query_row(params![resource, id, ver], |row| row.get(0))?)
    }

    fn plain<R: MirrorRow>(&mut self, row: &R) -> StoreResult<Effect> {
        self.plain_with(row, |_, _| Ok(()))
    }

    fn plain_with<R: MirrorRow>(
        &mut self,
        row: &R,
        before: impl FnMut(&Transaction<'_>, i64) -> StoreResult<()>,
    ) -> StoreResult<Effect> {
        let head = row.head();
        if (self.has_tombstones || !self.dead.is_empty()) && self.is_dead(R::RESOURCE, &head.id, head.ver)? {
            return Ok(Effect::Unchanged);
        }
        let effect = upsert(&mut self.dims, row, before)?;
        if matches!(effect, Effect::Inserted(_)) {
            self.tally.resource(R::RESOURCE, 1);
        }
        Ok(effect)
    }

    fn dimension(
        &mut self,
        effect: Effect,
        index: impl FnOnce(&Transaction<'_>, i64) -> StoreResult<()>,
    ) -> StoreResult<bool> {
        let Some(key) = effect.key() else { return Ok(false) };
        index(self.dims.tx(), key)?;
        Ok(true)
    }

    /// What lines count as follows from their product.
    fn product_changes(&mut self, row: &ProductRow) -> StoreResult<()> {
        let tx = self.dims.tx();
        let changed: Option<i64> = tx
            .prepare_cached(
                "SELECT key FROM product WHERE id = ?1 AND NOT (mcs_code IS ?2 AND name = ?3 AND category = ?4
                   AND selected = ?5 AND unit = ?6)",
            )?
            .query_row(
                params![row.head.id, row.mcs_code, row.name, row.category, row.selected, row.unit],
                |row| row.get(0),
            )
            .optional()?;
        changed.map_or(Ok(()), |key| self.counting.product(tx, key))
    }

    fn item_changes(&mut self, id: &str) -> StoreResult<()> {
        let tx = self.dims.tx();
        let product: Option<i64> = tx
            .prepare_cached("SELECT product_key FROM hosp_item WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        product.map_or(Ok(()), |key| self.counting.item(tx, key))
    }

    /// The department stands on the order.
    fn order_changes(&mut self, row: &OrderRow) -> StoreResult<()> {
        let tx = self.dims.tx();
        let changed: Option<i64> = tx
            .prepare_cached("SELECT key FROM purchase_order WHERE id = ?1 AND dept <> ?2")?
            .query_row(params![row.head.id, row.dept], |row| row.get(0))
            .optional()?;
        changed.map_or(Ok(()), |key| self.counting.order(tx, key))
    }

    fn order_line(&mut self, row: &OrderLineRow) -> StoreResult<bool> {
        self.counting.line(self.dims.tx(), &row.head.id)?;
        self.prices_change(row)?;
        let mut before = None;
        let effect = self.plain_with(row, |tx, key| {
            before = Some(super::tally::LineCount::read(tx, key)?);
            Ok(())
        })?;
        if effect == Effect::Unchanged {
            return Ok(false);
        }
        if let Some(count) = before {
            self.tally.line(&count, -1);
        }
        let (product, supplier) =
            (self.dims.product(&row.product_key.0)?, self.dims.org(&row.supplier_key.0)?);
        self.tally.line(&super::tally::LineCount::of(row, product, supplier), 1);
        Ok(true)
    }

    /// What later lines are compared with follows from this one. Nothing refers to a product that is not known yet.
    fn prices_change(&mut self, row: &OrderLineRow) -> StoreResult<()> {
        let tx = self.dims.tx();
        let product: Option<i64> = tx
            .prepare_cached("SELECT key FROM product WHERE id = ?1")?
            .query_row([&row.product_key.0], |row| row.get(0))
            .optional()?;
        let new = product.map(|product| Priced {
            product,
            unit: row.unit.clone(),
            submit_at: row.submit_at,
            price: row.price.units(),
            is_accepted: row.received > Quantity::ZERO,
        });
        self.counting.prices_after(tx, &row.head.id, row.head.ver, new)
    }

    fn delivery(&mut self, row: &DeliveryRow, lines: &[DeliveryLineRow]) -> StoreResult<bool> {
        self.counting.whole_delivery(self.dims.tx(), &row.head.id)?;
        for line in lines.iter().filter_map(|line| line.order_line_id.as_deref()) {
            self.counting.line(self.dims.tx(), line)?;
        }
        let effect = self.plain_with(row, clear("DELETE FROM delivery_line WHERE delivery_key = ?1"))?;
        let Some(key) = effect.key() else { return Ok(false) };
        for (pos, line) in (1_i64..).zip(lines) {
            let product = self.dims.product(&line.product.0)?;
            self.dims
                .tx()
                .prepare_cached("INSERT INTO delivery_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
                .execute(params![
                    key,
                    pos,
                    line.id,
                    line.order_line_id,
                    product,
                    line.quantity.units(),
                    line.lot,
                    line.made_on,
                    line.expires_on,
                    line.udi
                ])?;
        }
        Ok(true)
    }

    fn receipt(&mut self, row: &ReceiptRow, lines: &[ReceiptLineRow]) -> StoreResult<bool> {
        self.counting.whole_receipt(self.dims.tx(), &row.head.id)?;
        self.counting.delivery(self.dims.tx(), &row.delivery_id)?;
        for line in lines.iter().filter_map(|line| line.order_line_id.as_deref()) {
            self.counting.line(self.dims.tx(), line)?;
        }
        let effect = self.plain_with(row, clear("DELETE FROM receipt_line WHERE receipt_key = ?1"))?;
        let Some(key) = effect.key() else { return Ok(false) };
        let mut insert = self
            .dims
            .tx()
            .prepare_cached("INSERT INTO receipt_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        for (pos, line) in (1_i64..).zip(lines) {
            insert.execute(params![
                key,
                pos,
                line.id,
                line.delivery_line_id,
                line.order_line_id,
                line.received.units(),
                line.rejected.units(),
                line.reject_reason,
                line.lot,
                line.expires_on,
                line.udi
            ])?;
        }
        Ok(true)
    }

    fn goods_return(&mut self, row: &ReturnRow, lines: &[ReturnLineRow]) -> StoreResult<bool> {
        self.counting.whole_return(self.dims.tx(), &row.head.id)?;
        for line in lines {
            self.counting.line(self.dims.tx(), &line.order_line_id)?;
        }
        let effect = self.plain_with(row, clear("DELETE FROM return_line WHERE return_key = ?1"))?;
        let Some(key) = effect.key() else { return Ok(false) };
        let mut insert =
            self.dims.tx().prepare_cached("INSERT INTO return_line VALUES (?, ?, ?, ?, ?, ?, ?)")?;
        for (pos, line) in (1_i64..).zip(lines) {
            insert.execute(params![
                key,
                pos,
                line.id,
                line.order_line_id,
                line.quantity.units(),
                line.amount.units(),
                line.lot
            ])?;
        }
        Ok(true)
    }

    fn invoice(&mut self, row: &InvoiceRow, lines: &[InvoiceLineRow]) -> StoreResult<bool> {
        let effect = self.plain_with(row, clear("DELETE FROM invoice_line WHERE invoice_key = ?1"))?;
        let Some(key) = effect.key() else { return Ok(false) };
        let mut insert =
            self.dims.tx().prepare_cached("INSERT INTO invoice_line VALUES (?, ?, ?, ?, ?, ?)")?;
        for (pos, line) in (1_i64..).zip(lines) {
            insert.execute(params![
                key,
                pos,
                line.id,
                line.order_line_id,
                line.quantity.units(),
                line.amount.units()
            ])?;
        }
        Ok(true)
    }

    fn settlement(&mut self, row: &SettlementRow, invoices: &[String]) -> StoreResult<bool> {
        let effect =
            self.plain_with(row, clear("DELETE FROM settlement_invoice WHERE settlement_key = ?1"))?;
        let Some(key) = effect.key() else { return Ok(false) };
        let mut insert = self.dims.tx().prepare_cached("INSERT INTO settlement_invoice VALUES (?, ?, ?)")?;
        for (pos, invoice) in (1_i64..).zip(invoices) {
            insert.execute(params![key, pos, invoice])?;
        }
        Ok(true)
    }

    fn document(&mut self, row: &DocumentRow) -> StoreResult<bool> {
        if self.is_dead(&row.resource, &row.id, row.ver)? {
            return Ok(false);
        }
        let tx = self.dims.tx();
        let values = params![row.resource, row.id, row.ver, row.hash.as_slice(), row.updated_at, row.data];
        let inserted = tx
            .prepare_cached("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(values)?;
        if inserted == 1 {
            self.tally.resource(&row.resource, 1);
            self.price_list(&row.resource, &row.id, Some(&row.data))?;
            return Ok(true);
        }
        let updated = tx
            .prepare_cached(
                "UPDATE document SET ver = ?3, hash = ?4, updated_at = ?5, data = ?6
                 WHERE resource = ?1 AND id = ?2 AND ver < ?3",
            )?
            .execute(values)?;
        if updated == 1 {
            self.price_list(&row.resource, &row.id, Some(&row.data))?;
        }
        Ok(updated == 1)
    }

    fn price_list(&mut self, resource: &str, id: &str, data: Option<&str>) -> StoreResult<()> {
        if resource == PRICE_LIST { self.counting.price_list(self.dims.tx(), id, data) } else { Ok(()) }
    }

    fn delete(&mut self, row: &DeleteRow) -> StoreResult<bool> {
        let tx = self.dims.tx();
        if self.is_dead(&row.resource, &row.id, row.ver)? {
            return Ok(false);
        }
        tx.prepare_cached(
            "INSERT INTO tombstone VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET ver = max(ver, excluded.ver)",
        )?
        .execute(params![row.resource, row.id, row.ver])?;
        self.dead.insert((row.resource.clone(), row.id.clone()), row.ver);
        match row.resource.as_str() {
            OrgRow::RESOURCE => self.remove::<OrgRow>(row, &[]),
            ProductRow::RESOURCE => self.remove::<ProductRow>(row, &[]),
            HospItemRow::RESOURCE => {
                self.item_changes(&row.id)?;
                self.remove::<HospItemRow>(row, &[])
            }
            AgreementRow::RESOURCE => self.remove::<AgreementRow>(row, &[]),
            OrderRow::RESOURCE => self.remove::<OrderRow>(row, &[]),
            OrderLineRow::RESOURCE => {
                self.counting.line(tx, &row.id)?;
                self.counting.prices_after(tx, &row.id, row.ver, None)?;
                if let Some((key, ver)) = find::<OrderLineRow>(tx, &row.id)?
                    && ver <= row.ver
                {
                    self.tally.line(&super::tally::LineCount::read(tx, key)?, -1);
                }
                self.remove::<OrderLineRow>(row, &[])
            }
            DeliveryRow::RESOURCE => {
                self.counting.whole_delivery(tx, &row.id)?;
                self.remove::<DeliveryRow>(row, &["DELETE FROM delivery_line WHERE delivery_key = ?1"])
            }
            ReceiptRow::RESOURCE => {
                self.counting.whole_receipt(tx, &row.id)?;
                self.remove::<ReceiptRow>(row, &["DELETE FROM receipt_line WHERE receipt_key = ?1"])
            }
            ReturnRow::RESOURCE => {
                self.counting.whole_return(tx, &row.id)?;
                self.remove::<ReturnRow>(row, &["DELETE FROM return_line WHERE return_key = ?1"])
            }
            InvoiceRow::RESOURCE => {
                self.remove::<InvoiceRow>(row, &["DELETE FROM invoice_line WHERE invoice_key = ?1"])
            }
            SettlementRow::RESOURCE => self
                .remove::<SettlementRow>(row, &["DELETE FROM settlement_invoice WHERE settlement_key = ?1"]),
            NoticeRow::RESOURCE => self.remove::<NoticeRow>(row, &[]),
            NoticeReplyRow::RESOURCE => self.remove::<NoticeReplyRow>(row, &[]),
            CheckInRow::RESOURCE => self.remove::<CheckInRow>(row, &[]),
            other => {
                let gone = tx
                    .prepare_cached("DELETE FROM document WHERE resource = ?1 AND id = ?2 AND ver <= ?3")?
                    .execute(params![other, row.id, row.ver])?;
                self.tally.resource(other, -i64::try_from(gone).unwrap_or(0));
                if gone > 0 {
                    self.price_list(other, &row.id, None)?;
                }
                Ok(true)
            }
        }
    }

    /// Takes the row and its children away. A deletion of something unknown counts as applied: its tombstone is new.
    fn remove<R: MirrorRow>(&mut self, row: &DeleteRow, children: &[&str]) -> StoreResult<bool> {
        let tx = self.dims.tx();
        if let Some((key, ver)) = find::<R>(tx, &row.id)?
            && ver > 0
            && ver <= row.ver
        {
            for child in children {
                tx.prepare_cached(child)?.execute([key])?;
            }
            tx.prepare_cached(R::DELETE)?.execute([key])?;
            self.tally.resource(R::RESOURCE, -1);
        }
        Ok(true)
    }
}

/// Takes the children of an overwritten row away.
fn clear(sql: &'static str) -> impl FnMut(&Transaction<'_>, i64) -> StoreResult<()> {
    move |tx, key| {
        tx.prepare_cached(sql)?.execute([key])?;
        Ok(())
    }
}
