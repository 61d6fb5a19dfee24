//! 企业的动作: what companies do on a platform that is alive, one step at a time, for training days.

use rusqlite::params;
use sunbench_contract::time::Instant;
use sunbench_contract::{Delivery, DeliveryLine, OrderLine, Resource};
use sunbench_domain::Amount;
use sunbench_domain::state::{DeliveryState, OrderLineState, RAW_LATE, State};

use crate::error::Error;
use crate::object::{Publisher, Slot, Stored, find, range_of};
use crate::shared::Shared;

/// The oldest order line of the last ninety days in one of two raw states.
const OLDEST: &str = "SELECT id FROM object INDEXED BY object_page
 WHERE institution = ?1 AND part = ?2 AND op = 1 AND age <= ?3 AND resource = 'orderLine'
 AND json_extract(data, '$.orderDetailState') IN (?4, ?5)
 ORDER BY age DESC LIMIT 1";

/// One step: a company accepts an order line, or delivers one that it had accepted. Whether there was one.
///
/// The line waiting for delivery longest goes first, so that what was accepted arrives.
pub(crate) fn advance(shared: &Shared) -> Result<bool, Error> {
    let (part, _, greatest) = range_of(sunbench_contract::Part::Recent, shared.today(), None);
    let now = shared.now();
    shared.publish(|connection, publisher| {
        for (raw, other) in [
            (OrderLineState::Accepted.raw(), RAW_LATE),
            (OrderLineState::Submitted.raw(), OrderLineState::Submitted.raw()),
        ] {
            for (institution, _) in crate::account::hospitals(connection)? {
                let mut statement = connection.prepare_cached(OLDEST)?;
                let mut rows = statement.query(params![institution, part, greatest, raw, other])?;
                let Some(id) = rows.next()?.map(|row| row.get::<_, String>(0)).transpose()? else { continue };
                let Some(mut line) = find::<OrderLine>(connection, Resource::OrderLine, &id)? else {
                    continue;
                };
                if raw == OrderLineState::Accepted.raw() {
                    deliver(publisher, &mut line, now)?;
                } else {
                    set_state(&mut line.data, OrderLineState::Accepted);
                    line.data.response_time = Some(now);
                }
                publisher.replace(Resource::OrderLine, &id, &line)?;
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn set_state(line: &mut OrderLine, to: OrderLineState) {
    to.raw().clone_into(&mut line.order_detail_state);
    to.text_zh().clone_into(&mut line.state_text);
}

/// Delivers what is still to come of the line.
fn deliver(publisher: &mut Publisher<'_>, line: &mut Stored<OrderLine>, now: Instant) -> Result<(), Error> {
    let day = now.at().date_naive();
    let id = publisher.new_id();
    let rest = line.data.purchase_count - line.data.distribute_count;
    let delivery = Delivery {
        distribute_id: id.clone(),
        distribute_code: format!("PS{id}"),
        order_id: Some(line.data.order_id.clone()),
        company_id_ps: line.data.company_id_ps.clone(),
        state: DeliveryState::Confirmed.raw().to_owned(),
        state_text: DeliveryState::Confirmed.text_zh().to_owned(),
        distribute_time: now,
        arrive_time: None,
        carrier: String::new(),
        express_no: String::new(),
        lines: vec![DeliveryLine {
            distribute_detail_id: format!("{id}001"),
            order_detail_id: Some(line.data.order_detail_id.clone()),
            procurecatalog_id: line.data.procurecatalog_id.clone(),
            distribute_count: rest,
            lot_no: day.format("%Y%m%d").to_string(),
            prod_date: None,
            expiry_date: day.checked_add_months(chrono::Months::new(24)),
            udi: String::new(),
        }],
    };
    let slot = Slot {
        institution: Some(&line.institution),
        resource: Resource::Delivery,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    publisher.put(&slot, &delivery)?;
    set_state(&mut line.data, OrderLineState::Shipped);
    line.data.distribute_count = line.data.purchase_count;
    Ok(())
}
