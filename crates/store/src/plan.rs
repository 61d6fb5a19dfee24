//! Queries by name, so that a test can look at the plan of every one of them.

/// A query of a screen or of sync.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query {
    /// For the test's report.
    pub(crate) name: &'static str,
    /// The text; parameters are `?1` and so on.
    pub(crate) sql: &'static str,
}

/// Names a query and lists it: `queries! { LATEST = "SELECT …"; }` makes `const LATEST` and `const QUERIES`.
macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)*
        pub(crate) const QUERIES: &[$crate::plan::Query] =
            &[$($crate::plan::Query { name: concat!(module_path!(), "::", stringify!($name)), sql: $name },)*];
    };
}
pub(crate) use queries;

/// Every query of the crate.
pub(crate) fn all() -> Vec<Query> {
    [crate::mirror::queries(), crate::local::queries(), crate::audit::QUERIES.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::Store;

    /// The tables that grow with the years; the others hold at most some thousand rows.
    const LARGE: &[&str] = &[
        "order_line",
        "purchase_order",
        "delivery",
        "delivery_line",
        "receipt",
        "receipt_line",
        "goods_return",
        "return_line",
        "invoice",
        "invoice_line",
        "settlement",
        "settlement_invoice",
        "document",
        "ledger_line",
        "ledger_source",
        "outbox",
        "audit_log",
    ];

    /// A plan's line that reads all of a large table, or sorts.
    fn offends(line: &str) -> bool {
        let scans = line.strip_prefix("SCAN ").is_some_and(|rest| {
            let mut words = rest.split(' ');
            let table = words.next().unwrap_or_default();
            // Walking an index in its order and stopping at a LIMIT is how a keyset page works.
            LARGE.contains(&table) && !rest.contains("USING INDEX") && !rest.contains("USING COVERING INDEX")
        });
        scans || line.starts_with("USE TEMP B-TREE FOR ORDER BY")
    }

    #[test]
    fn the_rule_sees_a_scan_and_a_sort() {
        assert!(offends("SCAN order_line"));
        assert!(offends("USE TEMP B-TREE FOR ORDER BY"));
        assert!(!offends("SCAN order_line USING INDEX order_line_submit"));
        assert!(!offends("SEARCH order_line USING INTEGER PRIMARY KEY (rowid=?)"));
        assert!(!offends("SCAN tally_line"));
    }

    #[test]
    fn no_query_scans_or_sorts_a_large_table() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_for_tests(dir.path());
        let queries = all();
        assert!(queries.len() > 30, "the list is not empty by accident: {}", queries.len());
        let mut bad = Vec::new();
        for query in queries {
            let plan: Vec<String> = store
                .read(|conn| {
                    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", query.sql))?;
                    for i in 1..=statement.parameter_count() {
                        statement.raw_bind_parameter(i, rusqlite::types::Null)?;
                    }
                    let mut rows = statement.raw_query();
                    let mut lines = Vec::new();
                    while let Some(row) = rows.next()? {
                        lines.push(row.get::<_, String>(3)?);
                    }
                    Ok(lines)
                })
                .unwrap_or_else(|error| panic!("{}: {error}", query.name));
            bad.extend(plan.iter().filter(|l| offends(l)).map(|l| format!("{}: {l}", query.name)));
        }
        assert!(bad.is_empty(), "{}", bad.join("\n"));
    }
}
