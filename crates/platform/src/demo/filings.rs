//! Purchases off the platform that were filed afterwards (备案补录).

use sunbench_contract::{Filing, Resource};
use sunbench_domain::state::{FilingState, State};
use sunbench_domain::{Amount, Quantity, SCALE};

use super::Out;
use super::days::{HOUR, at, date_of, instant};
use super::parties::Hospital;
use super::random::Rng;
use super::trade::Setting;

pub(super) fn own(seed: u64, set: Setting<'_>, hospital: &Hospital, out: &mut Out<'_>) {
    use FilingState::{Approved, Draft, Linked, Returned, Submitted};
    let span = set.span;
    let mut rng = Rng::new(seed, &format!("filings {}", hospital.code));
    let wanted = if hospital.index == 0 { 28 } else { 4 };
    for number in (1..=wanted).rev() {
        let text = rng.pick(&set.assets.texts.filings);
        let bought = span.step(span.today, -(number * 6 + rng.range(0, 4)));
        let submit =
            at(span.step(bought, rng.range(1, 5)), rng.range(9 * HOUR, 17 * HOUR)).min(span.now - HOUR);
        let state = match number {
            1 => Draft,
            2 | 3 => Submitted,
            4 => Returned,
            5..9 => Approved,
            _ if rng.chance(300) => Approved,
            _ => Linked,
        };
        let decided = span.office_hours(submit + rng.range(20, 90) * HOUR, &mut rng).min(span.now);
        let count = Quantity::from_units(rng.range(1, text.most()) * SCALE);
        let amount = Amount::of(text.price, count).unwrap_or_default();
        let id = out.ids.next(submit);
        let company = rng.pick(&set.assets.distributors).name;
        let record = Filing {
            filing_id: id.clone(),
            filing_code: format!("BA{}{}{number:04}", date_of(submit).format("%Y%m%d"), hospital.index + 1),
            goods_name: text.name.clone(),
            goods_spec: text.spec.clone(),
            unit: text.unit.clone(),
            company_name: company.to_owned(),
            procurecatalog_id: None,
            mcs_code: String::new(),
            count,
            price: text.price,
            amount,
            purchase_date: bought,
            reason: text.reason.clone(),
            responsible: hospital.head.clone(),
            submit_time: (state != Draft).then(|| instant(submit)),
            operator: String::new(),
            attachments: Vec::new(),
            filing_custom_info: None,
            order_detail_id: None,
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            return_reason: if state == Returned {
                "请补充临床紧急使用说明及随货同行单。"
            } else {
                ""
            }
            .to_owned(),
        };
        let updated = if matches!(state, Draft | Submitted) { submit } else { decided };
        out.own(hospital, Resource::Filing, &id, updated, amount, &record);
    }
}
