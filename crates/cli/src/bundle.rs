//! The exchange with a platform by a file that is carried by hand.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use sunbench_app::wire::{BundleDone, BundleReq};
use sunbench_app::{ApiError, App, stop_on_signal, sync_failure};

use crate::Outcome;
use crate::arguments::BundleStep;
use crate::message::{Failure, text};

/// Makes one step.
pub(crate) async fn step(app: &Arc<App>, step: &BundleStep) -> Result<Outcome, Failure> {
    match step {
        BundleStep::Export { file } => {
            let done = app.bundle_export(request(file)).await?;
            let line = format!("已导出 {} 件到 {}", done.submissions, done.path);
            Ok(outcome(&done, line, None))
        }
        BundleStep::Relay { file } => {
            let run = app.bundle_relay_once(file, &stop_on_signal()).await?;
            // What it carried is in the file: the next relay goes on from there.
            let failure = run.failure.map(|early| {
                let code = sync_failure(early.code);
                let mut failure = Failure::from(ApiError::from(code));
                if let Some(words) = &early.platform_text {
                    failure.msg = format!("{}：{words}", text(code));
                }
                failure
            });
            let line = format!("平台答复 {} 件，取得变动 {} 条", run.done.submissions, run.done.changes);
            Ok(outcome(&run.done, line, failure))
        }
        BundleStep::Import { file } => {
            let done = app.bundle_import(request(file)).await?;
            let line = format!("{} 件有了结果，收到变动 {} 条", done.submissions, done.changes);
            Ok(outcome(&done, line, None))
        }
    }
}

fn request(file: &Path) -> BundleReq {
    BundleReq { path: Some(file.to_string_lossy().into_owned()) }
}

fn outcome(done: &BundleDone, line: String, failure: Option<Failure>) -> Outcome {
    let result = json!({ "submissions": done.submissions, "changes": done.changes, "cursor": done.cursor });
    Outcome { result, text: line, failure }
}
