//! The bulk load of a demo province.

use rusqlite::{Transaction, TransactionBehavior, params};

use crate::account;
use crate::database::{DROP_INDEXES, Database, INDEXES, meta, set_meta};
use crate::error::Error;
use crate::object::{age_of, head, part_of};
use crate::record::{DemoInfo, Record};

/// Loads what `generate` yields, in one transaction: a load that is cut leaves an empty platform. The last `seq`.
pub(crate) fn load(
    database: &Database,
    remember: impl FnOnce(&DemoInfo) -> Result<String, Error>,
    generate: impl FnOnce(&mut dyn FnMut(Record)) -> DemoInfo,
) -> Result<(DemoInfo, u64), Error> {
    let mut writer = database.writer();
    // A load lost with the power is made again, so it need not reach the disk page by page.
    writer.pragma_update(None, "synchronous", "OFF")?;
    writer.pragma_update(None, "cache_size", -65_536)?;
    let loaded = in_one_transaction(&mut writer, remember, generate);
    writer.pragma_update(None, "cache_size", -16_384)?;
    writer.pragma_update(None, "synchronous", "NORMAL")?;
    let loaded = loaded?;
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(loaded)
}

fn in_one_transaction(
    writer: &mut rusqlite::Connection,
    remember: impl FnOnce(&DemoInfo) -> Result<String, Error>,
    generate: impl FnOnce(&mut dyn FnMut(Record)) -> DemoInfo,
) -> Result<(DemoInfo, u64), Error> {
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if head(&tx)? > 0 || meta(&tx, "demo")?.is_some() {
        return Err(Error::OtherData("other records".to_owned()));
    }
    tx.execute_batch(DROP_INDEXES)?;
    let info = insert(&tx, generate)?;
    tx.execute_batch(INDEXES)?;
    for hospital in &info.hospitals {
        account::add_hospital(&tx, &hospital.institution, &hospital.name)?;
        for operator in &hospital.operators {
            let (user, name, password) = (&operator.user, &operator.name, &operator.password);
            account::add_operator(&tx, &hospital.institution, user, name, password, &operator.roles)?;
        }
    }
    account::add_supervisor(&tx, &info.supervisor, &info.supervisor_password)?;
    set_meta(&tx, "demo", Some(&remember(&info)?))?;
    let last = head(&tx)?;
    set_meta(&tx, "demo_head", Some(&last.to_string()))?;
    tx.commit()?;
    Ok((info, last))
}

fn insert(
    tx: &Transaction<'_>,
    generate: impl FnOnce(&mut dyn FnMut(Record)) -> DemoInfo,
) -> Result<DemoInfo, Error> {
    let mut statement = tx.prepare(
        "INSERT INTO object (seq, txn, institution, resource, id, ver, upd_time, age, doc, place, part, amount, op,
         data) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12)",
    )?;
    let (mut seq, mut txn) = (0_u64, 0_u64);
    let mut doc = String::new();
    let mut failed: Option<Error> = None;
    let info = generate(&mut |record: Record| {
        if failed.is_some() {
            return;
        }
        seq += 1;
        if seq == 1 || record.doc != doc {
            txn = seq;
            doc.clone_from(&record.doc);
        }
        let inserted = statement.execute(params![
            seq,
            txn,
            record.institution.as_deref().unwrap_or_default(),
            record.resource.name(),
            record.id,
            record.upd_time.to_string(),
            age_of(record.day),
            record.doc,
            seq - txn,
            part_of(record.resource),
            record.amount.units(),
            record.data
        ]);
        failed = inserted.err().map(Error::from);
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(info),
    }
}
