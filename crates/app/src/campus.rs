//! 院区: several places under one office. Orders name a department; the department says the campus.

use sunbench_store::audit;
use sunbench_store::local::campus::{self, Campus as Kept};

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::permission::permits;
use crate::wire::{Act, Campus, Campuses, CampusesReq};

const MOST: usize = 50;
const LONGEST: usize = 60;

impl Context<'_> {
    /// The departments at a campus, by its id or name; `None` where none is asked for.
    pub(crate) fn departments_at(&self, campus: Option<&str>) -> ApiResult<Option<Vec<String>>> {
        let Some(wanted) = campus.map(str::trim).filter(|wanted| !wanted.is_empty()) else { return Ok(None) };
        let campuses = self.store.read(campus::list)?;
        let found = campuses.into_iter().find(|campus| campus.id == wanted || campus.name == wanted);
        let found = found.ok_or_else(|| ApiError::field(ErrorCode::NotFound, "campus"))?;
        Ok(Some(found.departments))
    }

    /// The campuses, and the departments that belong to none.
    pub fn campuses(&self) -> ApiResult<Campuses> {
        let (campuses, departments, at_work) = self.store.read(|conn| {
            let at_work = sunbench_store::local::account::get(conn)?;
            Ok((campus::list(conn)?, campus::department_keys(conn)?, at_work))
        })?;
        let is_placed = |name: &String| campuses.iter().any(|campus| campus.departments.contains(name));
        Ok(Campuses {
            unplaced: departments.into_keys().filter(|name| !is_placed(name)).collect(),
            may_set: at_work.is_none_or(|account| permits(&account.roles, Act::Manage)),
            campuses: campuses
                .into_iter()
                .map(|campus| Campus { id: campus.id, name: campus.name, departments: campus.departments })
                .collect(),
        })
    }

    /// Replaces the list of campuses.
    pub fn campuses_set(&self, req: &CampusesReq) -> ApiResult<Campuses> {
        self.may(Act::Manage)?;
        if req.campuses.len() > MOST {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "campuses"));
        }
        let mut kept: Vec<Kept> = Vec::new();
        for (index, campus) in req.campuses.iter().enumerate() {
            let field = |name: &str| format!("campuses[{index}].{name}");
            let name = campus.name.trim().to_owned();
            if name.is_empty() {
                return Err(ApiError::field(ErrorCode::FieldRequired, &field("name")));
            }
            if name.chars().count() > LONGEST || kept.iter().any(|other| other.name == name) {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("name")));
            }
            let mut departments: Vec<String> = campus
                .departments
                .iter()
                .map(|department| department.trim().to_owned())
                .filter(|department| !department.is_empty())
                .collect();
            departments.sort();
            departments.dedup();
            if departments.iter().any(|name| kept.iter().any(|other| other.departments.contains(name))) {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field("departments")));
            }
            let id = match campus.id.trim() {
                "" => uuid::Uuid::now_v7().to_string(),
                id => id.to_owned(),
            };
            kept.push(Kept { id, name, departments });
        }
        let actor = self.actor()?;
        let detail = serde_json::json!({
            "campuses": kept.iter().map(|campus| {
                serde_json::json!({ "name": campus.name, "departments": campus.departments })
            }).collect::<Vec<_>>(),
        });
        self.store.write_local(|tx| {
            campus::put(tx, &kept)?;
            audit::append(tx, &self.entry(&actor, "campuses.set", "profile", detail))
        })?;
        self.campuses()
    }
}
