//! `review`: the second person's verbs. A script acts in the name of whoever is signed in.

use std::sync::Arc;

use serde_json::{Value, json};
use sunbench_app::App;
use sunbench_app::wire::{Nothing, OutboxItem, OutboxKeyReq, ReviewReturnReq, ReviewRuleReq, ReviewRules};

use crate::Outcome;
use crate::arguments::ReviewStep;
use crate::message::Failure;
use crate::terminal::one_line;

/// What a command that queues says of its submission.
pub(crate) fn queued(item: &OutboxItem) -> Outcome {
    let state = sunbench_app::outbox_state_name(item.state);
    let waits = if state == "awaiting-review" { "，待他人复核后发送" } else { "" };
    let line = format!("已写入待发箱：{}{waits}", item.key);
    Outcome::done(json!({ "submission": item.key, "state": state }), line)
}

/// Runs one step.
pub(crate) async fn step(app: &Arc<App>, step: ReviewStep) -> Result<Outcome, Failure> {
    match step {
        ReviewStep::Rules => Ok(rules(&app.review_rules(Nothing {}).await?)),
        ReviewStep::Require { kind } => {
            Ok(rules(&app.review_rule_set(ReviewRuleReq { kind, required: true }).await?))
        }
        ReviewStep::Release { kind } => {
            Ok(rules(&app.review_rule_set(ReviewRuleReq { kind, required: false }).await?))
        }
        ReviewStep::Show { key } => {
            let subject = app.review_subject(OutboxKeyReq { key }).await?;
            let fields = subject.parts.iter().flat_map(|part| {
                part.fields.iter().map(move |field| {
                    let place = if part.list.is_empty() {
                        field.field.clone()
                    } else {
                        format!("{}[{}].{}", part.list, part.row, field.field)
                    };
                    let meaning =
                        field.meaning.as_ref().map(|name| format!("（{name}）")).unwrap_or_default();
                    one_line(&format!("{place}: {}{meaning}", field.value))
                })
            });
            let head = one_line(&format!(
                "{} {} 经办人 {}",
                subject.item.kind, subject.item.subject_title, subject.item.actor_name
            ));
            let text = std::iter::once(head).chain(fields).collect::<Vec<_>>().join("\n");
            let payload: Value = serde_json::from_str(&subject.body).unwrap_or_default();
            let state = sunbench_app::outbox_state_name(subject.item.state);
            let result = json!({
                "submission": subject.item.key, "kind": subject.item.kind, "state": state,
                "maker": subject.item.actor, "digest": subject.item.digest, "payload": payload,
            });
            Ok(Outcome::done(result, text))
        }
        ReviewStep::Approve { key } => {
            let item = app.review_approve(OutboxKeyReq { key }).await?;
            let state = sunbench_app::outbox_state_name(item.state);
            let text = format!("复核通过：{}", item.key);
            Ok(Outcome::done(json!({ "submission": item.key, "state": state }), text))
        }
        ReviewStep::Return { key, reason } => {
            let item = app.review_return(ReviewReturnReq { key, reason }).await?;
            let state = sunbench_app::outbox_state_name(item.state);
            let text = format!("已退回经办人 {}：{}", one_line(&item.actor_name), item.key);
            Ok(Outcome::done(json!({ "submission": item.key, "state": state }), text))
        }
    }
}

fn rules(found: &ReviewRules) -> Outcome {
    let lines = found.kinds.iter().map(|rule| {
        let required = if rule.required { "需复核" } else { "不复核" };
        let reviewers =
            if rule.reviewers.is_empty() { "无人可复核".to_owned() } else { rule.reviewers.join("、") };
        one_line(&format!("{} {required} 待复核 {} 件（{reviewers}）", rule.kind, rule.waiting))
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let result: Value = found
        .kinds
        .iter()
        .map(|rule| {
            json!({
                "kind": rule.kind, "required": rule.required, "since": rule.since, "by": rule.by,
                "reviewers": rule.reviewers, "waiting": rule.waiting,
            })
        })
        .collect();
    Outcome::done(result, text)
}
