//! The platform as a plain model: everything in memory, every rule in the plainest words.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sunbench_contract::time::Instant;
use sunbench_contract::{
    Change, Class, Op, Outcome, Part, Problem, Submission, SubmissionResult, canonical_json, codes, item_hash,
};
use sunbench_sync::ClientError;
use sunbench_sync::client::{BadItem, Items};

/// How a record comes over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Good,
    /// A field is wrong.
    Bad,
    /// Not even the envelope can be read.
    Mangled,
}

/// One version of a record.
#[derive(Debug, Clone)]
struct Entry {
    seq: u64,
    txn: u64,
    resource: String,
    id: String,
    ver: u64,
    data: Option<String>,
    form: Form,
}

/// A record as it is now.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) ver: u64,
    /// `None`: deleted.
    pub(crate) data: Option<String>,
    pub(crate) form: Form,
    pub(crate) was_good: bool,
    /// The document that it belongs to.
    doc: String,
    seq: u64,
}

/// A record to publish.
pub(crate) struct New {
    pub(crate) resource: &'static str,
    pub(crate) id: String,
    pub(crate) doc: String,
    pub(crate) data: Option<Value>,
    pub(crate) form: Form,
}

/// The first answer to a key.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    body: Vec<u8>,
    pub(crate) answer: SubmissionResult,
    status: u16,
}

pub(crate) type Name = (String, String);

#[derive(Default)]
pub(crate) struct Platform {
    pub(crate) now: i64,
    generation: u64,
    txn: u64,
    log: Vec<Entry>,
    pub(crate) objects: BTreeMap<Name, Object>,
    pub(crate) submissions: BTreeMap<String, Kept>,
    pub(crate) attachments: BTreeMap<String, Vec<u8>>,
    /// Versions that have been overtaken are left out of the feed.
    pub(crate) compact: bool,
    /// Items a page.
    pub(crate) page: usize,
    /// Requests left today.
    pub(crate) quota: Option<u32>,
    /// Closed for so many seconds.
    pub(crate) maintenance: Option<u32>,
}

pub(crate) fn part_of(resource: &str) -> Part {
    match resource {
        "order" | "orderLine" => Part::Recent,
        "hologram" => Part::History,
        "notice" | "noticeReply" | "checkIn" | "announcement" => Part::Notices,
        _ => Part::Rules,
    }
}

impl Platform {
    /// An empty one with so many items a page.
    pub(crate) fn shared(now: i64, page: usize, compact: bool) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { now, compact, page, ..Self::default() }))
    }

    pub(crate) fn time(&self) -> Instant {
        Instant::from_unix(self.now).unwrap()
    }

    /// Publishes records as one document.
    pub(crate) fn publish(&mut self, records: Vec<New>) {
        self.txn += 1;
        for record in records {
            let name = (record.resource.to_owned(), record.id.clone());
            let earlier = self.objects.get(&name);
            let (ver, was_good) = earlier.map_or((1, false), |o| (o.ver + 1, o.was_good));
            let data = record.data.map(|data| canonical_json(&data).unwrap());
            let seq = self.log.len() as u64 + 1;
            self.log.push(Entry {
                seq,
                txn: self.txn,
                resource: name.0.clone(),
                id: name.1.clone(),
                ver,
                data: data.clone(),
                form: record.form,
            });
            let was_good = was_good || record.form == Form::Good;
            let object = Object { ver, data, form: record.form, was_good, doc: record.doc, seq };
            self.objects.insert(name, object);
        }
    }

    pub(crate) fn head(&self) -> u64 {
        self.log.len() as u64
    }
    pub(crate) fn expire_cursors(&mut self) {
        self.generation += 1;
    }
    pub(crate) fn cursor(&self, seq: u64) -> String {
        format!("{}:{seq}", self.generation)
    }
    /// A snapshot goes on behind this document.
    pub(crate) fn mark(&self, doc: &str) -> String {
        format!("{}:{doc}", self.generation)
    }
    /// The place that a cursor or a mark stands for.
    pub(crate) fn place(&self, text: &str) -> Result<String, ClientError> {
        match text.split_once(':') {
            Some((generation, place)) if generation == self.generation.to_string() => Ok(place.to_owned()),
            _ => Err(self.refuse(410, codes::CURSOR_EXPIRED, |_| {})),
        }
    }

    /// The items after `after`: a page's and whether there are more.
    pub(crate) fn feed(&self, after: u64, limit: usize) -> (Items, u64, bool) {
        let latest =
            |entry: &Entry| self.objects[&(entry.resource.clone(), entry.id.clone())].seq == entry.seq;
        let visible: Vec<&Entry> = self
            .log
            .iter()
            .filter(|entry| entry.seq > after && (!self.compact || latest(entry)))
            .take(limit + 1)
            .collect();
        let mut items = Items::default();
        let mut last = after;
        for (n, entry) in visible.iter().take(limit).enumerate() {
            let more = visible.get(n + 1).is_some_and(|next| next.txn == entry.txn);
            add(&mut items, self.change(entry, more), entry.form);
            last = entry.seq;
        }
        (items, last, visible.len() > limit)
    }

    fn change(&self, entry: &Entry, more: bool) -> Change {
        Change {
            seq: entry.seq,
            resource: entry.resource.clone(),
            op: if entry.data.is_some() { Op::Upsert } else { Op::Delete },
            id: entry.id.clone(),
            ver: entry.ver,
            upd_time: self.time(),
            more,
            data: entry.data.clone().map(|data| serde_json::value::RawValue::from_string(data).unwrap()),
            hash: None,
        }
    }

    /// The documents of a part whose names come after `after`: name and records.
    pub(crate) fn documents(&self, part: Part, after: &str) -> Vec<(String, Items)> {
        let mut documents: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for ((resource, _), object) in &self.objects {
            if part_of(resource) == part && object.data.is_some() && object.doc.as_str() > after {
                documents.entry(&object.doc).or_default().push(&self.log[object.seq as usize - 1]);
            }
        }
        let whole = |(doc, entries): (&str, Vec<&Entry>)| {
            let mut items = Items::default();
            for (n, entry) in entries.iter().enumerate() {
                add(&mut items, self.change(entry, n + 1 < entries.len()), entry.form);
            }
            (doc.to_owned(), items)
        };
        documents.into_iter().map(whole).collect()
    }

    /// Per resource, what a mirror should hold, as `digest::content` has it, and how many.
    pub(crate) fn content(&self) -> (BTreeMap<String, String>, BTreeMap<String, u64>) {
        let mut hashes: BTreeMap<String, Sha256> = BTreeMap::new();
        let mut counts = BTreeMap::new();
        // In the order of their ids, as a map has them.
        for ((resource, id), object) in &self.objects {
            let Some(data) = object.data.as_ref().filter(|_| object.form == Form::Good) else { continue };
            let hash = hashes.entry(resource.clone()).or_default();
            hash.update((id.len() as u64).to_be_bytes());
            hash.update(id.as_bytes());
            hash.update(object.ver.to_be_bytes());
            hash.update(item_hash(id, object.ver, data).to_be_bytes());
            *counts.entry(resource.clone()).or_default() += 1;
        }
        let digest =
            |(resource, hash): (String, Sha256)| (resource, sunbench_contract::sign::hex(&hash.finalize()));
        (hashes.into_iter().map(digest).collect(), counts)
    }

    /// What should be in quarantine.
    pub(crate) fn quarantine(&self) -> Vec<Name> {
        let bad = |object: &Object| object.form != Form::Good && object.data.is_some();
        self.objects.iter().filter(|(_, object)| bad(object)).map(|(name, _)| name.clone()).collect()
    }

    pub(crate) fn problem(&self, code: &str, change: impl FnOnce(&mut Problem)) -> Box<Problem> {
        let mut problem = Problem {
            code: code.to_owned(),
            class: Class::Logic,
            msg: "原因".to_owned(),
            field: None,
            retryable: false,
            retry_after_s: None,
            quota_left: None,
            trace_id: String::new(),
            current: None,
            lines: Vec::new(),
            server_time: self.time(),
        };
        change(&mut problem);
        Box::new(problem)
    }

    pub(crate) fn refuse(&self, status: u16, code: &str, change: impl FnOnce(&mut Problem)) -> ClientError {
        ClientError::Refused { status, problem: Some(self.problem(code, change)), retry_after_s: None }
    }

    /// Judges a submission, or repeats the first judgement of its key.
    pub(crate) fn submit(
        &mut self,
        user: &str,
        key: &str,
        body: &[u8],
    ) -> Result<SubmissionResult, ClientError> {
        if let Some(kept) = self.submissions.get(key) {
            return if kept.body == body {
                answer(kept)
            } else {
                Err(self.refuse(409, codes::KEY_REUSED, |_| {}))
            };
        }
        let submission: Submission = serde_json::from_slice(body).unwrap();
        let (status, answer_of) = match self.judge(user, key, &submission) {
            Ok((resource, id, ver)) => {
                (200, self.result(key, Outcome::Accepted, Some((resource, id, ver)), None))
            }
            Err((_, problem)) if problem.retryable => {
                return Err(ClientError::Refused {
                    status: 422,
                    problem: Some(problem),
                    retry_after_s: None,
                });
            }
            Err((status, problem)) => (status, self.result(key, Outcome::Refused, None, Some(*problem))),
        };
        let kept = Kept { body: body.to_vec(), answer: answer_of, status };
        self.submissions.insert(key.to_owned(), kept.clone());
        answer(&kept)
    }

    fn result(
        &self,
        key: &str,
        outcome: Outcome,
        made: Option<(&str, String, u64)>,
        problem: Option<Problem>,
    ) -> SubmissionResult {
        let (resource, id, ver) = match made {
            Some((resource, id, ver)) => (Some(resource.to_owned()), Some(id), Some(ver)),
            None => (None, None, None),
        };
        SubmissionResult {
            client_key: key.to_owned(),
            outcome,
            resource,
            id,
            ver,
            base_ver: None,
            accepted_at: self.time(),
            lines: Vec::new(),
            problem,
            server_time: self.time(),
        }
    }

    fn judge(
        &mut self,
        user: &str,
        key: &str,
        submission: &Submission,
    ) -> Result<(&'static str, String, u64), (u16, Box<Problem>)> {
        let text = |name: &str| submission.payload[name].as_str().unwrap_or_default().to_owned();
        if submission.kind == "checkIn" {
            let id = format!("{user} {}", text("date"));
            if !self.objects.contains_key(&("checkIn".to_owned(), id.clone())) {
                let data =
                    json!({"checkInId": id, "operator": user, "date": text("date"), "time": self.time()});
                self.publish(vec![New {
                    resource: "checkIn",
                    id: id.clone(),
                    doc: id.clone(),
                    data: Some(data),
                    form: Form::Good,
                }]);
            }
            return Ok(("checkIn", id, 1));
        }
        let id = text("noticeId");
        let name = ("notice".to_owned(), id.clone());
        let Some(found) = self.objects.get(&name).filter(|o| o.data.is_some()).cloned() else {
            return Err((422, self.problem(codes::INVALID, |_| {})));
        };
        let notice: Value = serde_json::from_str(&found.data.unwrap()).unwrap();
        if submission.base_ver.is_some_and(|base| base != found.ver) {
            let current = json!({"id": id, "ver": found.ver, "data": notice});
            return Err((412, self.problem(codes::VERSION_PASSED, |p| p.current = Some(current))));
        }
        let state = notice["state"].as_str().unwrap().to_owned();
        match submission.kind.as_str() {
            "notice.sign" if state == ISSUED => {
                self.publish(vec![notice_record(&id, SIGNED, notice["round"].as_u64().unwrap())]);
                Ok(("notice", id, found.ver + 1))
            }
            "notice.sign" => Ok(("notice", id, found.ver)),
            "notice.reply" => {
                let round = submission.payload["round"].as_u64().unwrap();
                if !(state == SIGNED || state == RETURNED) || notice["round"].as_u64() != Some(round) {
                    return Err((422, self.problem(codes::WRONG_STATE, |_| {})));
                }
                let named = submission.payload["attachments"].as_array().unwrap();
                if named.iter().any(|a| !self.attachments.contains_key(a["sha256"].as_str().unwrap())) {
                    return Err((422, self.problem(codes::ATTACHMENT_MISSING, |p| p.retryable = true)));
                }
                let reply = json!({
                    "replyId": format!("{id}-{round}"), "noticeId": id, "round": round, "cause": text("cause"),
                    "measures": text("measures"), "responsible": text("responsible"), "attachments": named,
                    "operator": user, "submitTime": self.time(), "clientKey": key
                });
                let reply = New {
                    resource: "noticeReply",
                    id: format!("{id}-{round}"),
                    doc: id.clone(),
                    data: Some(reply),
                    form: Form::Good,
                };
                self.publish(vec![notice_record(&id, REPLIED, round), reply]);
                Ok(("notice", id, found.ver + 1))
            }
            _ => Err((422, self.problem(codes::INVALID, |_| {}))),
        }
    }
}

fn add(items: &mut Items, change: Change, form: Form) {
    match form {
        Form::Mangled => {
            let raw =
                json!({"op": "explode", "resource": change.resource, "id": change.id, "ver": change.ver});
            items.bad.push(BadItem { raw: raw.to_string(), reason: "op".to_owned() });
        }
        _ => items.changes.push(change),
    }
}

fn answer(kept: &Kept) -> Result<SubmissionResult, ClientError> {
    match &kept.answer.problem {
        Some(problem) if kept.status != 200 => Err(ClientError::Refused {
            status: kept.status,
            problem: Some(Box::new(problem.clone())),
            retry_after_s: None,
        }),
        _ => Ok(kept.answer.clone()),
    }
}

/// The platforms' codes of a notice's states.
pub(crate) const ISSUED: &str = "0";
pub(crate) const SIGNED: &str = "1";
pub(crate) const REPLIED: &str = "3";
pub(crate) const RETURNED: &str = "4";
pub(crate) const CLOSED: &str = "5";

pub(crate) fn notice_record(id: &str, state: &str, round: u64) -> New {
    let data = json!({
        "noticeId": id, "noticeCode": id, "title": "督办", "body": "请反馈", "level": "warning", "ruleName": "规则",
        "clause": "四", "issuer": "医保局", "issueTime": "2026-11-01T08:00:00+08:00", "replyWorkingDays": 5,
        "state": state, "stateText": "状态", "round": round, "evidence": []
    });
    New { resource: "notice", id: id.to_owned(), doc: id.to_owned(), data: Some(data), form: Form::Good }
}

pub(crate) fn org(id: &str, form: Form, name: &str) -> New {
    let mut data = json!({"orgId": id, "orgType": "distributor", "orgName": name});
    match name.len() % 3 {
        // What a later platform might send.
        0 => data["colour"] = json!({"of": "tomorrow"}),
        1 => data["orgType"] = json!("star"),
        _ => {}
    }
    if form == Form::Bad {
        data["orgName"] = json!(7);
    }
    New { resource: "org", id: id.to_owned(), doc: id.to_owned(), data: Some(data), form }
}

/// An order of `lines` lines, all of which say `stamp`.
pub(crate) fn order(id: &str, lines: usize, stamp: &str) -> Vec<New> {
    let at = "2026-11-01T08:00:00+08:00";
    let head = json!({
        "orderId": id, "orderCode": id, "orderType": "普通", "operator": "王", "submitTime": at, "lineCount": lines,
        "orderAmount": "1.00", "remarks": stamp
    });
    let new = |resource, id: String, data| New {
        resource,
        id,
        doc: data_doc(&data),
        data: Some(data),
        form: Form::Good,
    };
    let mut records = vec![new("order", id.to_owned(), head)];
    for n in 1..=lines {
        let line_id = format!("{id}-{n}");
        // A state that this version does not know, now and then.
        let state = if stamp.len().is_multiple_of(2) { "77" } else { "4" };
        let line = json!({
            "orderDetailId": line_id, "orderId": id, "orderCode": id, "lineNo": n, "procurecatalogId": "p1",
            "companyIdTb": "m1", "companyIdPs": "s1", "unit": "盒", "purchaseCount": "1", "purchasePrice": "1.00",
            "purchaseAmount": "1.00", "orderType": "普通", "orderDetailState": state, "stateText": "状态",
            "submitTime": at, "distributeCount": "0", "receivedCount": "0", "returnCount": "0",
            "orderCustomInfo": stamp
        });
        records.push(new("orderLine", line_id, line));
    }
    records
}

fn data_doc(data: &Value) -> String {
    data["orderId"].as_str().unwrap().to_owned()
}

/// Takes an order with its lines back.
pub(crate) fn without_order(id: &str, lines: usize) -> Vec<New> {
    let gone =
        |resource, its: String| New { resource, id: its, doc: id.to_owned(), data: None, form: Form::Good };
    let mut records = vec![gone("order", id.to_owned())];
    records.extend((1..=lines).map(|n| gone("orderLine", format!("{id}-{n}"))));
    records
}
