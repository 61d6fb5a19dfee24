//! `receive`: a delivery's receipt, from a file or whole.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use sunbench_app::wire::ReceiptDraftLine;
use sunbench_app::{App, ErrorCode};
use sunbench_exchange::open_regular;
use sunbench_exchange::sheet::{Flow, SheetFile};

use crate::message::Failure;
use crate::{Outcome, review};

/// A receipt's fields: the name in JSON, and the headings that a table may have.
const FIELDS: [(&str, &[&str]); 7] = [
    ("line", &["line", "distributedetailid", "配送明细", "配送明细编号"]),
    ("received", &["received", "receivedcount", "收货数量", "验收数量", "验收合格数量"]),
    ("rejected", &["rejected", "rejectedcount", "拒收数量"]),
    ("rejectReason", &["rejectreason", "reject_reason", "拒收原因"]),
    ("lot", &["lot", "lotno", "lot_no", "批号"]),
    ("expiresOn", &["expireson", "expires_on", "expirydate", "有效期", "有效期至"]),
    ("udi", &["udi", "扫码"]),
];

pub(crate) async fn receive(app: &Arc<App>, delivery: &str, file: Option<&Path>) -> Result<Outcome, Failure> {
    let lines = file.map(read).transpose()?;
    app.open().await?;
    let item = app.receive_with(delivery.to_owned(), lines).await.map_err(|error| {
        let mut failure = Failure::from(error.clone());
        if error.code == ErrorCode::NotFound {
            failure.msg = format!("没有编号或配送单号为“{delivery}”的配送单");
        }
        failure
    })?;
    Ok(review::queued(&item))
}

fn failed(file: &Path, why: &str) -> Failure {
    Failure::stated("receiptFile", format!("收货文件 {} {why}", file.display()))
}

/// The lines of a file: JSON (`[…]` or `{"lines": […]}`), or a table with headings (CSV, Excel).
fn read(file: &Path) -> Result<Vec<ReceiptDraftLine>, Failure> {
    let mut begins = Vec::new();
    open_regular(file)
        .and_then(|mut file| file.read_to_end(&mut begins))
        .map_err(|error| failed(file, &format!("无法读取：{error}")))?;
    let text = std::str::from_utf8(&begins).map(|text| text.trim_start_matches('\u{feff}').trim_start());
    match text {
        Ok(text) if text.starts_with(['{', '[']) => read_json(file, text),
        _ => read_table(file),
    }
}

fn read_json(file: &Path, text: &str) -> Result<Vec<ReceiptDraftLine>, Failure> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| failed(file, &format!("不是有效的 JSON：{error}")))?;
    let lines = value.get("lines").unwrap_or(&value).as_array();
    let lines = lines.ok_or_else(|| failed(file, "应为明细数组，或含 lines 数组的对象"))?;
    let line = |(index, line): (usize, &Value)| {
        let number = index + 1;
        let fields = line.as_object().ok_or_else(|| failed(file, &format!("第 {number} 条不是对象")))?;
        let mut given = [const { String::new() }; FIELDS.len()];
        for (name, value) in fields {
            let Some(place) = place_of(name) else {
                return Err(failed(file, &format!("第 {number} 条的字段 {name} 不认识")));
            };
            given[place] = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Null => String::new(),
                _ => return Err(failed(file, &format!("第 {number} 条的字段 {name} 应为文本或数字"))),
            };
        }
        Ok(drafted(given))
    };
    lines.iter().enumerate().map(line).collect()
}

fn read_table(file: &Path) -> Result<Vec<ReceiptDraftLine>, Failure> {
    let unreadable =
        |error: sunbench_exchange::sheet::SheetError| failed(file, &format!("无法读取：{error}"));
    let mut sheet = SheetFile::open(file).map_err(unreadable)?;
    let mut columns: Option<Vec<Option<usize>>> = None;
    let mut lines = Vec::new();
    sheet
        .each_row(0, &mut |row| {
            let cells = (0..row.len()).map(|at| row.cell(at).text.trim().to_owned());
            match &columns {
                None => {
                    let found: Vec<Option<usize>> = cells.map(|heading| place_of(&heading)).collect();
                    // Titles may stand above the headings.
                    let has = |name: &str| found.iter().flatten().any(|at| FIELDS[*at].0 == name);
                    if has("received") && (has("line") || has("udi")) {
                        columns = Some(found);
                    }
                }
                Some(columns) => {
                    let mut given = [const { String::new() }; FIELDS.len()];
                    for (cell, place) in cells.zip(columns) {
                        if let Some(place) = place {
                            given[*place] = cell;
                        }
                    }
                    lines.push(drafted(given));
                }
            }
            Flow::Continue(())
        })
        .map_err(unreadable)?;
    if columns.is_none() {
        return Err(failed(file, "没有“配送明细”（或“UDI”）与“收货数量”两列表头"));
    }
    Ok(lines)
}

fn place_of(name: &str) -> Option<usize> {
    let name = name.trim().to_lowercase();
    FIELDS.iter().position(|(_, names)| names.contains(&name.as_str()))
}

fn drafted(given: [String; FIELDS.len()]) -> ReceiptDraftLine {
    let [line, received, rejected, reject_reason, lot, expires_on, udi] = given;
    ReceiptDraftLine {
        line,
        received,
        rejected,
        reject_reason,
        lot,
        expires_on: Some(expires_on).filter(|day| !day.is_empty()),
        udi,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: &str, received: &str, rejected: &str, reason: &str) -> ReceiptDraftLine {
        let text = |text: &str| text.to_owned();
        drafted([text(line), text(received), text(rejected), text(reason), text(""), text(""), text("")])
    }

    #[test]
    fn a_receipt_is_read_from_either_form() {
        let dir = tempfile::TempDir::new().unwrap();
        for (name, content, expected) in [
            ("a.json", r#"[{"line":"7","received":3}]"#, Some(vec![line("7", "3", "", "")])),
            (
                "b.json",
                "\u{feff} {\"lines\":[{\"line\":\"7\",\"received\":\"2.5\",\"rejected\":1,\"rejectReason\":\"破损\"}]}",
                Some(vec![line("7", "2.5", "1", "破损")]),
            ),
            (
                "c.csv",
                "配送明细,收货数量,拒收数量,拒收原因\n7,3,1,破损\n8,2,,\n",
                Some(vec![line("7", "3", "1", "破损"), line("8", "2", "", "")]),
            ),
            ("d.csv", "某医院收货单,\nline,received\n7,3\n", Some(vec![line("7", "3", "", "")])),
            ("e.csv", "名称,数量\n导管,3\n", None),
            ("f.json", r#"[{"line":"7","recieved":3}]"#, None),
            ("g.json", r#"{"lines":3}"#, None),
            ("h.json", r"[{", None),
            ("i.json", r#"[{"line":["7"]}]"#, None),
        ] {
            let file = dir.path().join(name);
            std::fs::write(&file, content).unwrap();
            assert_eq!(read(&file).ok(), expected, "{name}");
        }
        assert!(read(&dir.path().join("nowhere.csv")).is_err());
    }
}
