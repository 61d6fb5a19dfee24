//! What happens at the platform meanwhile, by chance.

use std::sync::{Arc, Mutex};

use fastrand::Rng;
use serde_json::json;

use crate::platform::{
    CLOSED, Form, ISSUED, New, Platform, REPLIED, RETURNED, SIGNED, notice_record, order, org, without_order,
};

/// In so many of a hundred cases.
pub(crate) fn percent(random: &mut Rng, cases: usize) -> bool {
    random.usize(..100) < cases
}

/// What happens at the platform.
pub(crate) struct World<'a> {
    pub(crate) platform: &'a Arc<Mutex<Platform>>,
    pub(crate) stamp: u32,
}

impl World<'_> {
    pub(crate) fn change(&mut self, random: &mut Rng) {
        let mut platform = self.platform.lock().unwrap();
        self.stamp += 1;
        let stamp = format!("s{}", self.stamp);
        let id = |random: &mut Rng, name: &str| format!("{name}{}", random.usize(..3));
        match random.usize(..20) {
            0..=3 => platform.publish(vec![org(&id(random, "o"), Form::Good, &stamp)]),
            4..=7 => {
                let order_id = id(random, "d");
                let lines = 1 + order_id.as_bytes()[1] as usize % 5;
                platform.publish(order(&order_id, lines, &stamp));
            }
            8 => {
                let order_id = id(random, "d");
                let known = platform.objects.get(&("order".to_owned(), order_id.clone()));
                if known.is_some_and(|o| o.data.is_some()) {
                    let lines = 1 + order_id.as_bytes()[1] as usize % 5;
                    platform.publish(without_order(&order_id, lines));
                }
            }
            9 => {
                let form = *random.choice(&[Form::Bad, Form::Good, Form::Mangled]).unwrap();
                platform.publish(vec![org(&id(random, "x"), form, &stamp)]);
            }
            10 => {
                let name = id(random, "x");
                if platform.objects.get(&("org".to_owned(), name.clone())).is_some_and(|o| o.data.is_some()) {
                    platform.publish(vec![New { data: None, ..org(&name, Form::Good, "") }]);
                }
            }
            11 => {
                let name = id(random, "h");
                let data = Some(json!({"id": name, "of": stamp}));
                platform.publish(vec![New {
                    resource: "hologram",
                    doc: name.clone(),
                    id: name,
                    data,
                    form: Form::Good,
                }]);
            }
            12..=14 => {
                let name = format!("n{}", self.stamp);
                platform.publish(vec![notice_record(&name, ISSUED, 1)]);
            }
            15 | 16 => Self::supervise(&mut platform, random),
            17 => platform.expire_cursors(),
            18 => platform.maintenance = percent(random, 30).then_some(600),
            _ => platform.quota = percent(random, 30).then(|| random.usize(..10) as u32),
        }
    }

    /// The supervisor, or a colleague at the platform's own page, moves a notice on.
    fn supervise(platform: &mut Platform, random: &mut Rng) {
        let notices: Vec<(String, String, u64)> = platform
            .objects
            .iter()
            .filter(|((resource, _), _)| resource == "notice")
            .map(|((_, id), object)| {
                let data: serde_json::Value = serde_json::from_str(object.data.as_ref().unwrap()).unwrap();
                (id.clone(), data["state"].as_str().unwrap().to_owned(), data["round"].as_u64().unwrap())
            })
            .collect();
        if notices.is_empty() {
            return;
        }
        let (id, state, round) = random.choice(&notices).unwrap();
        match state.as_str() {
            ISSUED => platform.publish(vec![notice_record(id, SIGNED, *round)]),
            REPLIED if percent(random, 60) => {
                platform.publish(vec![notice_record(id, RETURNED, round + 1)]);
            }
            REPLIED => platform.publish(vec![notice_record(id, CLOSED, *round)]),
            _ => {}
        }
    }

    /// Records that were good once are good again; the others stay bad for half of the schedules.
    pub(crate) fn mend(&self, random: &mut Rng) {
        let mut platform = self.platform.lock().unwrap();
        platform.maintenance = None;
        platform.quota = None;
        let all = percent(random, 50);
        for (_, id) in platform.quarantine() {
            if all || platform.objects[&("org".to_owned(), id.clone())].was_good {
                platform.publish(vec![org(&id, Form::Good, "mended")]);
            }
        }
    }
}
