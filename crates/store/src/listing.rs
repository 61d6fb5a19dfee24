//! 导出清单: whole tables as plain rows, for a workbook. Each is read from its beginning to its end.

mod cycle;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::StoreResult;

/// How a column of the database is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Integers of 1/10,000, or a decimal as text.
    Decimal,
    /// A whole number.
    Whole,
    /// yyyy-MM-dd.
    Day,
    /// Seconds since 1970, or RFC 3339.
    Instant,
}

/// A value as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// Nothing.
    Null,
    /// Text, or a date.
    Text(String),
    /// A number, or an instant.
    Number(i64),
}

/// 清单: what can be exported.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    /// For scripts.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Headings and kinds, in the order of the query.
    pub columns: &'static [(&'static str, ColumnKind)],
    sql: &'static str,
}

use ColumnKind::{Day, Decimal, Instant, Text, Whole};

/// Trade and the local plane.
const TRADE: [Listing; 9] = [
    Listing {
        name: "orders",
        title: "订单明细",
        columns: &[
            ("订单编号", Text),
            ("行号", Whole),
            ("订单明细编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("型号", Text),
            ("医保编码", Text),
            ("生产企业", Text),
            ("配送企业", Text),
            ("单位", Text),
            ("数量", Decimal),
            ("单价", Decimal),
            ("金额", Decimal),
            ("订单类型", Text),
            ("状态", Text),
            ("提交时间", Instant),
            ("已配送", Decimal),
            ("已收货", Decimal),
            ("已退货", Decimal),
            ("申领科室", Text),
        ],
        sql: "SELECT o.code, l.line_no, l.id, p.name, p.spec, p.model, p.mcs_code, m.name, s.name, l.unit, l.quantity,
              l.price, l.amount, l.kind, l.state_text, l.submit_at, l.delivered, l.received, l.returned, o.dept
            FROM order_line l JOIN purchase_order o ON o.key = l.order_key JOIN product p ON p.key = l.product_key
              JOIN org m ON m.key = l.maker_key JOIN org s ON s.key = l.supplier_key ORDER BY l.submit_at, l.key",
    },
    Listing {
        name: "deliveries",
        title: "配送明细",
        columns: &[
            ("配送单号", Text),
            ("配送明细编号", Text),
            ("订单明细编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("医保编码", Text),
            ("配送企业", Text),
            ("数量", Decimal),
            ("批号", Text),
            ("生产日期", Day),
            ("有效期至", Day),
            ("UDI", Text),
            ("状态", Text),
            ("发货时间", Instant),
            ("到货时间", Instant),
        ],
        sql: "SELECT d.code, n.id, n.order_line_id, p.name, p.spec, p.mcs_code, s.name, n.quantity, n.lot, n.made_on,
              n.expires_on, n.udi, d.state_text, d.shipped_at, d.arrived_at
            FROM delivery d JOIN delivery_line n ON n.delivery_key = d.key JOIN product p ON p.key = n.product_key
              JOIN org s ON s.key = d.supplier_key ORDER BY d.shipped_at, d.key, n.pos",
    },
    Listing {
        name: "receipts",
        title: "收货明细",
        columns: &[
            ("收货单号", Text),
            ("收货明细编号", Text),
            ("订单编号", Text),
            ("订单明细编号", Text),
            ("配送明细编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("医保编码", Text),
            ("配送企业", Text),
            ("合格数量", Decimal),
            ("拒收数量", Decimal),
            ("拒收原因", Text),
            ("批号", Text),
            ("有效期至", Day),
            ("状态", Text),
            ("收货时间", Instant),
            ("经办人", Text),
            ("记录号", Text),
        ],
        sql: "SELECT r.code, n.id, o.code, n.order_line_id, n.delivery_line_id, p.name, p.spec, p.mcs_code, s.name,
              n.received, n.rejected, n.reject_reason, n.lot, n.expires_on, r.state_text, r.received_at, r.operator, r.id
            FROM receipt r JOIN receipt_line n ON n.receipt_key = r.key JOIN org s ON s.key = r.supplier_key
              LEFT JOIN order_line l ON l.id = n.order_line_id LEFT JOIN purchase_order o ON o.key = l.order_key
              LEFT JOIN product p ON p.key = l.product_key ORDER BY r.received_at, r.key, n.pos",
    },
    Listing {
        name: "returns",
        title: "退货明细",
        columns: &[
            ("退货单号", Text),
            ("退货明细编号", Text),
            ("种类", Text),
            ("订单明细编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("配送企业", Text),
            ("数量", Decimal),
            ("金额", Decimal),
            ("批号", Text),
            ("原因", Text),
            ("状态", Text),
            ("退货时间", Instant),
        ],
        sql: "SELECT r.code, n.id, r.kind, n.order_line_id, p.name, p.spec, s.name, n.quantity, n.amount, n.lot, r.reason,
              r.state_text, r.returned_at
            FROM goods_return r JOIN return_line n ON n.return_key = r.key JOIN org s ON s.key = r.supplier_key
              LEFT JOIN order_line l ON l.id = n.order_line_id LEFT JOIN product p ON p.key = l.product_key
            ORDER BY r.returned_at, r.key, n.pos",
    },
    Listing {
        name: "invoices",
        title: "发票明细",
        columns: &[
            ("发票号码", Text),
            ("种类", Text),
            ("开票日期", Day),
            ("配送企业", Text),
            ("订单明细编号", Text),
            ("产品名称", Text),
            ("数量", Decimal),
            ("金额", Decimal),
            ("发票金额", Decimal),
            ("税额", Decimal),
            ("状态", Text),
            ("上游发票号码", Text),
        ],
        sql: "SELECT i.number, i.kind, i.invoiced_on, s.name, n.order_line_id, p.name, n.quantity, n.amount, i.amount,
              i.tax, i.state_text, i.upstream_number
            FROM invoice i JOIN invoice_line n ON n.invoice_key = i.key JOIN org s ON s.key = i.supplier_key
              LEFT JOIN order_line l ON l.id = n.order_line_id LEFT JOIN product p ON p.key = l.product_key
            ORDER BY i.invoiced_on, i.key, n.pos",
    },
    Listing {
        name: "settlements",
        title: "结算单",
        columns: &[
            ("结算单号", Text),
            ("种类", Text),
            ("结算月份", Text),
            ("配送企业", Text),
            ("金额", Decimal),
            ("状态", Text),
            ("应付日期", Day),
            ("付款时间", Instant),
            ("创建时间", Instant),
        ],
        sql: "SELECT t.code, t.kind, t.period, s.name, t.amount, t.state_text, t.due_on, t.paid_at, t.created_at
            FROM settlement t JOIN org s ON s.key = t.supplier_key ORDER BY t.created_at, t.key",
    },
    Listing {
        name: "notices",
        title: "督办通知",
        columns: &[
            ("编号", Text),
            ("标题", Text),
            ("级别", Text),
            ("依据", Text),
            ("条款", Text),
            ("发文机关", Text),
            ("下发时间", Instant),
            ("反馈时限（工作日）", Whole),
            ("平台所示时限", Instant),
            ("轮次", Whole),
            ("状态", Text),
            ("签收时间", Instant),
            ("销号时间", Instant),
            ("正文", Text),
        ],
        sql: "SELECT code, title, level, rule_name, clause, issuer, issued_at, reply_working_days, stated_due_at, round,
              state_text, signed_at, closed_at, body FROM notice ORDER BY issued_at, key",
    },
    Listing {
        name: "outbox",
        title: "待发箱",
        columns: &[
            ("提交号", Text),
            ("种类", Text),
            ("单据", Text),
            ("状态", Text),
            ("次数", Whole),
            ("原因", Text),
            ("经办人", Text),
            ("写入时间", Instant),
            ("发送时间", Instant),
            ("办结时间", Instant),
        ],
        sql: "SELECT key, kind, document, state, attempts, error_text, actor, created_at, sent_at, settled_at
            FROM outbox ORDER BY seq",
    },
    Listing {
        name: "ledger",
        title: "医院台账",
        columns: &[
            ("月份", Whole),
            ("业务类型", Text),
            ("日期", Day),
            ("订单编号", Text),
            ("订单明细编号", Text),
            ("配送单号", Text),
            ("发票号码", Text),
            ("医保编码", Text),
            ("院内编码", Text),
            ("产品名称", Text),
            ("规格型号", Text),
            ("生产企业", Text),
            ("配送企业", Text),
            ("批号", Text),
            ("序列号", Text),
            ("有效期至", Day),
            ("数量", Decimal),
            ("单位", Text),
            ("单价", Decimal),
            ("金额", Decimal),
        ],
        sql: "SELECT month, CASE kind WHEN 'return' THEN '退货' ELSE '入库' END, dated_on, order_code, order_line,
              delivery, invoice, code, item, name, spec, manufacturer, supplier, lot, serial, expires_on, quantity, unit,
              price, amount FROM ledger_line ORDER BY month, key",
    },
];

/// Every listing that comes from the database as it stands.
pub fn all() -> impl Iterator<Item = &'static Listing> {
    TRADE.iter().chain(&cycle::CYCLE)
}

/// A listing by its name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Listing> {
    all().find(|listing| listing.name == name)
}

impl Listing {
    /// Gives every row, until `each` says `false`.
    ///
    /// # Errors
    ///
    /// The database's.
    pub fn each_row(&self, conn: &Connection, each: &mut dyn FnMut(&[Stored]) -> bool) -> StoreResult<()> {
        let mut statement = conn.prepare(self.sql)?;
        let mut rows = statement.query([])?;
        let mut values = Vec::with_capacity(self.columns.len());
        while let Some(row) = rows.next()? {
            values.clear();
            for column in 0..self.columns.len() {
                values.push(match row.get_ref(column)? {
                    ValueRef::Integer(number) => Stored::Number(number),
                    ValueRef::Text(text) => Stored::Text(String::from_utf8_lossy(text).into_owned()),
                    _ => Stored::Null,
                });
            }
            if !each(&values) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn every_listing_has_a_heading_for_each_column() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_for_tests(dir.path());
        for listing in all() {
            let columns = store.read(|conn| Ok(conn.prepare(listing.sql)?.column_count())).unwrap();
            assert_eq!(columns, listing.columns.len(), "{}", listing.name);
            store.read(|conn| listing.each_row(conn, &mut |_| true)).unwrap();
        }
    }
}
