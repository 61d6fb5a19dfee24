//! 自动推进: which document companies and bureau turn to next on a platform that is alive, for training days.

use rusqlite::{Connection, params};
use sunbench_contract::{Part, Resource};

use crate::acts;
use crate::database::meta;
use crate::error::Error;
use crate::object::{Publisher, head, range_of};
use crate::shared::Shared;

/// What has changed since the demo was loaded, in its order: what a hospital has just sent is not kept waiting.
const CHANGED: &str = "SELECT resource, id FROM object INDEXED BY object_feed
 WHERE institution = ?1 AND seq > ?2 AND op = 1 AND resource IN ('orderLine', 'delivery', 'receipt', 'return', 'invoice',
   'settlement', 'negotiation', 'filing', 'supplyIssue', 'demandReport', 'agreement', 'contract') ORDER BY seq";
/// Documents of the last ninety days that wait for somebody outside the hospital, the oldest first.
const BACKLOG: &str = "SELECT id FROM object INDEXED BY object_page
 WHERE institution = ?1 AND part = ?2 AND op = 1 AND age <= ?3 AND resource = ?4
 AND json_extract(data, ?5) IN (SELECT value FROM json_each(?6)) ORDER BY age DESC";

/// Resources with the raw states in which a company or the bureau is awaited. Accepted lines go before those that wait for
/// an answer, so that what was accepted arrives.
const AWAITED: [(Resource, &str, &str); 9] = [
    (Resource::OrderLine, "$.orderDetailState", r#"["2","6"]"#),
    (Resource::OrderLine, "$.orderDetailState", r#"["1"]"#),
    (Resource::Delivery, "$.state", r#"["0"]"#),
    (Resource::Return, "$.state", r#"["1"]"#),
    (Resource::Filing, "$.state", r#"["1"]"#),
    (Resource::Negotiation, "$.state", r#"["0"]"#),
    (Resource::SupplyIssue, "$.state", r#"["0","1"]"#),
    (Resource::DemandReport, "$.state", r#"["1"]"#),
    (Resource::Settlement, "$.state", r#"["1","3","4"]"#),
];

/// One step of somebody outside the hospital. Whether there was one.
pub(crate) fn advance(shared: &Shared) -> Result<bool, Error> {
    shared.publish(|connection, publisher| {
        let hospitals = crate::account::hospitals(connection)?;
        let floor = match meta(connection, "demo_head")?.and_then(|text| text.parse().ok()) {
            Some(floor) => floor,
            None => head(connection)?,
        };
        for (institution, _) in &hospitals {
            for (resource, id) in changed(connection, institution, floor)? {
                if acts::step(connection, publisher, shared.now(), resource, &id)? {
                    return Ok(true);
                }
            }
        }
        for (institution, _) in &hospitals {
            if from_backlog(shared, connection, publisher, institution)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn changed(connection: &Connection, institution: &str, floor: u64) -> Result<Vec<(Resource, String)>, Error> {
    let mut statement = connection.prepare_cached(CHANGED)?;
    let rows = statement.query_map(params![institution, floor], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (resource, id) = row?;
        found.extend(Resource::from_name(&resource).map(|resource| (resource, id)));
    }
    Ok(found)
}

fn from_backlog(
    shared: &Shared,
    connection: &Connection,
    publisher: &mut Publisher<'_>,
    institution: &str,
) -> Result<bool, Error> {
    let (part, _, greatest) = range_of(Part::Recent, shared.today(), None);
    for (resource, field, states) in AWAITED {
        let mut statement = connection.prepare_cached(BACKLOG)?;
        let given = params![institution, part, greatest, resource.name(), field, states];
        let ids: Vec<String> = statement.query_map(given, |row| row.get(0))?.collect::<Result<_, _>>()?;
        for id in ids {
            if acts::step(connection, publisher, shared.now(), resource, &id)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
