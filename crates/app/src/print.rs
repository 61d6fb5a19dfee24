//! 打印: acceptance slips, letters about supply problems, answers to notices, as PDF.

use std::path::Path;
use std::sync::Arc;

use sunbench_contract::{AttachmentRef, Resource, SupplyIssue};
use sunbench_domain::Amount;
use sunbench_exchange::print::{
    self, AcceptanceSlip, Fonts, NoticeReply, SlipLine, SupplyLetter, SupplyProblem, SurgeLetter, SurgeLine,
    TransferSlip,
};
use sunbench_store::audit;
use sunbench_store::local::campus;
use sunbench_store::mirror::{document, line, purchase, slip};

use crate::app::App;
use crate::clocked::date;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{FileKind, unwritten, whole_by_path};
use crate::wire::{FileWritten, Nothing, NoticeReq, PrintKind, PrintReq, SurgeReq, SurgeRow};

/// What a letter asks of a supplier, and of an office.
const ASKED_OF_SUPPLIER: &str = "请贵公司说明原因，明确到货日期，并按承诺时间配齐上述产品。";
const ASKED_OF_OFFICE: &str =
    "请予核实，并协调有关企业履行供应保障责任。经核实后，我院采购备供企业产品的数量请按规定计入任务量。";

/// Pages, and the name that is proposed for their file.
struct Printed {
    name: String,
    pages: Vec<u8>,
}

/// What supply problems of a kind are called.
fn problem_name(kind: &str) -> &str {
    match kind {
        "short" => "供应短缺",
        "refusal" => "拒绝配送",
        "late" => "配送不及时",
        "price" => "价格异常",
        other => other,
    }
}

impl Context<'_> {
    fn printed(&self, req: &PrintReq) -> ApiResult<Printed> {
        match req.kind {
            PrintKind::AcceptanceSlip => self.acceptance_slip(&req.id),
            PrintKind::OfficeLetter | PrintKind::SupplierLetter => self.supply_letter(req),
            PrintKind::SurgeReport => self.surge_letter(req),
            PrintKind::TransferSlip => self.transfer_slip(&req.id),
            PrintKind::NoticeReply => self.notice_paper(&req.id),
        }
    }

    fn acceptance_slip(&self, id: &str) -> ApiResult<Printed> {
        let account = self.account()?;
        let receipt = self.store.read(|conn| slip::receipt(conn, id))?.ok_or(ErrorCode::NotFound)?;
        let campus = self.store.read(|conn| campus::of_department(conn, &receipt.dept))?.unwrap_or_default();
        let line = |line: slip::Line| SlipLine {
            code: line.mcs_code,
            name: line.product,
            spec: [line.spec, line.model].join(" ").trim().to_owned(),
            manufacturer: line.maker,
            registration: line.registration,
            lot: line.lot,
            expiry: line.expires_on.and_then(|day| day.parse().ok()),
            unit: line.unit,
            delivered: line.delivered,
            accepted: line.received,
            refused: line.rejected,
            price: line.price,
            amount: line.price.and_then(|price| Amount::of(price, line.received)),
            note: line.reject_reason,
        };
        let files: Vec<AttachmentRef> = serde_json::from_str(&receipt.attachments).unwrap_or_default();
        let slip = AcceptanceSlip {
            institution: account.institution_name,
            campus,
            number: receipt.code.clone(),
            order: receipt.order_code,
            delivery: receipt.delivery_code,
            supplier: receipt.supplier,
            department: receipt.dept,
            accepted_on: date(receipt.received_at),
            lines: receipt.lines.into_iter().map(line).collect(),
            conclusion: receipt.state_text,
            attachments: files.into_iter().map(|file| file.name).collect(),
        };
        let pages = print::acceptance_slip(&slip, Fonts::with_system());
        Ok(Printed { name: format!("验收单-{}.pdf", receipt.code), pages: made(pages)? })
    }

    fn supply_letter(&self, req: &PrintReq) -> ApiResult<Printed> {
        let account = self.account()?;
        let found = self.store.read(|conn| document::get(conn, Resource::SupplyIssue.name(), &req.id))?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        let issue: SupplyIssue =
            serde_json::from_str(&found.data).map_err(|error| ApiError::internal(&error))?;
        let (supplier, office) = self.store.read(|conn| {
            let office = match &issue.office_id {
                Some(id) => purchase::org_name(conn, id)?,
                None => None,
            };
            Ok((purchase::org_name(conn, &issue.company_id_ps)?, office))
        })?;
        let to_office = req.kind == PrintKind::OfficeLetter;
        let office = match req.addressee.trim() {
            "" => office.unwrap_or_default(),
            named => named.to_owned(),
        };
        if to_office && office.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "addressee"));
        }
        let mut problems = Vec::new();
        for id in &issue.order_detail_ids {
            let Some(line) = self.store.read(|conn| line::get(conn, id))? else { continue };
            problems.push(SupplyProblem {
                order: format!("{}-{}", line.order_code, line.line_no),
                name: line.product,
                spec: [line.spec, line.model].join(" ").trim().to_owned(),
                ordered: Some(line.quantity),
                delivered: Some(line.delivered),
                unit: line.unit,
                ordered_on: date(line.submit_at),
                problem: format!("{}：{}", problem_name(&issue.kind), issue.description),
            });
        }
        if problems.is_empty() {
            let product = self.store.read(|conn| purchase::product(conn, &issue.procurecatalog_id))?;
            problems.push(SupplyProblem {
                name: product.as_ref().map(|product| product.name.clone()).unwrap_or_default(),
                spec: product.map(|product| product.spec).unwrap_or_default(),
                problem: format!("{}：{}", problem_name(&issue.kind), issue.description),
                ..SupplyProblem::default()
            });
        }
        let usual = if to_office { ASKED_OF_OFFICE } else { ASKED_OF_SUPPLIER };
        let letter = SupplyLetter {
            institution: account.institution_name,
            number: req.number.trim().to_owned(),
            office: if to_office { office } else { String::new() },
            supplier: supplier.unwrap_or_default(),
            problems,
            request: match req.text.trim() {
                "" => usual.to_owned(),
                text => text.to_owned(),
            },
            answer_by: (!to_office).then_some(issue.reply_due_date),
            contact: account.user_name,
            telephone: String::new(),
            dated: Some(self.today()),
        };
        let pages = print::supply_letter(&letter, Fonts::with_system());
        Ok(Printed { name: format!("供应问题反馈函-{}.pdf", issue.issue_code), pages: made(pages)? })
    }

    /// 应急保供报备函 of an order whose quantities are far from usual; without any there is nothing to report.
    fn surge_letter(&self, req: &PrintReq) -> ApiResult<Printed> {
        let account = self.account()?;
        let report = self.surge_report(&SurgeReq { order: req.id.clone() })?;
        if report.rows.is_empty() {
            return Err(ErrorCode::WrongState.into());
        }
        for (field, text) in [("addressee", &req.addressee), ("text", &req.text)] {
            if text.trim().is_empty() {
                return Err(ApiError::field(ErrorCode::FieldRequired, field));
            }
        }
        let count = |text: &str| text.parse().unwrap_or_default();
        let line = |row: SurgeRow| SurgeLine {
            name: row.name,
            spec: row.spec,
            unit: row.unit,
            quantity: count(&row.quantity),
            usual: count(&row.usual),
            month: count(&row.month),
            year: count(&row.year),
            lines: row.lines,
            multiple: format!("{}.{} 倍", row.percent / 100, row.percent % 100 / 10),
        };
        let letter = SurgeLetter {
            institution: account.institution_name,
            number: req.number.trim().to_owned(),
            office: req.addressee.trim().to_owned(),
            lines: report.rows.into_iter().map(line).collect(),
            reason: req.text.trim().to_owned(),
            contact: account.user_name,
            dated: Some(self.today()),
        };
        let pages = print::surge_letter(&letter, Fonts::with_system());
        Ok(Printed { name: format!("应急保供报备函-{}.pdf", self.today()), pages: made(pages)? })
    }

    fn transfer_slip(&self, id: &str) -> ApiResult<Printed> {
        let account = self.account()?;
        let transfer = self.transfer(id)?;
        let (from, to) = if transfer.incoming {
            (transfer.other, account.institution_name)
        } else {
            (account.institution_name, transfer.other)
        };
        let slip = TransferSlip {
            from,
            to,
            name: transfer.name,
            spec: transfer.spec,
            unit: transfer.unit,
            quantity: transfer.quantity.parse().unwrap_or_default(),
            lot: transfer.lot,
            expiry: transfer.expires_on.and_then(|day| day.parse().ok()),
            moved_on: transfer.moved_on.parse().ok(),
            reason: transfer.reason,
            handled_by: transfer.handled_by,
            attachments: transfer.attachments.into_iter().map(|file| file.name).collect(),
        };
        let pages = print::transfer_slip(&slip, Fonts::with_system());
        Ok(Printed { name: format!("院间调剂单-{}.pdf", transfer.moved_on), pages: made(pages)? })
    }

    fn notice_paper(&self, id: &str) -> ApiResult<Printed> {
        let account = self.account()?;
        let detail = self.notice_detail(&NoticeReq { id: id.to_owned() })?;
        let row = &detail.row;
        let day = |text: &str| text.get(..10).and_then(|day| day.parse().ok());
        let mut paper = NoticeReply {
            institution: account.institution_name,
            authority: row.issuer.clone(),
            notice: row.code.clone(),
            title: row.title.clone(),
            clause: detail.clause.clone(),
            issued_on: day(&row.issued_at),
            due_on: day(&row.deadline.due_date),
            round: row.round,
            dated: Some(self.today()),
            ..NoticeReply::default()
        };
        let names = |files: &[crate::wire::Attachment]| files.iter().map(|file| file.name.clone()).collect();
        let sent = detail.replies.iter().max_by_key(|reply| reply.round);
        if let Some(draft) = detail.draft.as_ref().filter(|_| row.open) {
            paper.cause.clone_from(&draft.cause);
            paper.measures.clone_from(&draft.measures);
            paper.responsible.clone_from(&draft.responsible);
            paper.finish_by = draft.finish_by.as_deref().and_then(day);
            paper.attachments = names(&draft.attachments);
        } else if let Some(reply) = sent {
            paper.round = reply.round;
            paper.cause.clone_from(&reply.cause);
            paper.measures.clone_from(&reply.measures);
            paper.responsible.clone_from(&reply.responsible);
            paper.finish_by = reply.finish_by.as_deref().and_then(day);
            paper.attachments = names(&reply.attachments);
            paper.receipt.clone_from(&reply.client_key);
            paper.dated = day(&reply.submitted_at);
        } else {
            // Nothing is written yet.
            return Err(ErrorCode::WrongState.into());
        }
        let pages = print::notice_reply(&paper, Fonts::with_system());
        Ok(Printed { name: format!("整改反馈-{}.pdf", row.code), pages: made(pages)? })
    }

    fn print_to(&self, req: &PrintReq, printed: &Printed, file: &Path) -> ApiResult<FileWritten> {
        whole_by_path(file, |path| std::fs::write(path, &printed.pages))
            .map_err(|error| unwritten(&error))?;
        let sha256 = crate::ledger::file_digest(file)?;
        let actor = self.actor()?;
        let subject = match req.kind {
            PrintKind::AcceptanceSlip => format!("receipt:{}", req.id),
            PrintKind::OfficeLetter | PrintKind::SupplierLetter => format!("supplyIssue:{}", req.id),
            PrintKind::SurgeReport => format!("order:{}", req.id),
            PrintKind::TransferSlip => format!("transfer:{}", req.id),
            PrintKind::NoticeReply => format!("notice:{}", req.id),
        };
        let detail = serde_json::json!({ "sha256": sha256, "paper": format!("{:?}", req.kind) });
        let entry = self.entry(&actor, "paper.saved", &subject, detail);
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(FileWritten { path: file.display().to_string(), sha256 })
    }
}

fn made(pages: Result<Vec<u8>, print::PrintError>) -> ApiResult<Vec<u8>> {
    pages.map_err(|error| ApiError::internal(&error))
}

/// A file's name without what file systems do not take.
fn file_name(name: &str) -> String {
    name.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "-")
}

impl App {
    /// Writes a paper as PDF to where the person says.
    pub async fn print_save(self: &Arc<Self>, req: PrintReq) -> ApiResult<FileWritten> {
        let asked = req.clone();
        let printed = self.run(move |context, _| context.printed(&asked)).await?;
        let kind = FileKind { name: "PDF", extensions: &["pdf"] };
        let path = self.path_to_write(req.path.clone(), &file_name(&printed.name), &[kind]).await?;
        self.run(move |context, _| context.print_to(&req, &printed, &path)).await
    }

    /// Shows a paper with the system's viewer, to be printed from there.
    pub async fn print_show(self: &Arc<Self>, req: PrintReq) -> ApiResult<Nothing> {
        let viewer = self.config.viewer.clone().ok_or(ErrorCode::NotFound)?;
        self.run(move |context, _| {
            let printed = context.printed(&req)?;
            let file = context.put_to_view(&file_name(&printed.name), &printed.pages)?;
            viewer.view(&file).map_err(|error| ApiError::internal(&error.kind()))?;
            Ok(Nothing {})
        })
        .await
    }
}
