use serde_json::json;
use sunbench_contract::time::Instant;

use super::*;

fn problem(
    code: &str,
    class: Class,
    retryable: bool,
    current: bool,
    retry_after_s: Option<u32>,
) -> Box<Problem> {
    Box::new(Problem {
        code: code.to_owned(),
        class,
        msg: "原因".to_owned(),
        field: None,
        retryable,
        retry_after_s,
        quota_left: None,
        lines: Vec::new(),
        trace_id: "t".to_owned(),
        current: current.then(|| json!({"ver": 7})),
        server_time: Instant::from_unix(0).unwrap(),
    })
}

fn result(outcome: Outcome, ver: Option<u64>, problem: Option<Box<Problem>>) -> SubmissionResult {
    SubmissionResult {
        client_key: "k".to_owned(),
        outcome,
        resource: None,
        id: None,
        ver,
        base_ver: None,
        accepted_at: Instant::from_unix(0).unwrap(),
        lines: Vec::new(),
        problem: problem.map(|p| *p),
        server_time: Instant::from_unix(0).unwrap(),
    }
}

/// The name of a verdict, with the seconds that the platform asks to wait.
fn name(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Refused(_) => "refused".to_owned(),
        Verdict::NeedsDecision(_) => "decision".to_owned(),
        Verdict::Later(_, after) => format!("later {}", after.map_or(0, |d| d.as_secs())),
        Verdict::Upload(_) => "upload".to_owned(),
        Verdict::Unknown(_) => "unknown".to_owned(),
    }
}

#[test]
fn refusals() {
    use Class::{Fatal, Logic, Notice};
    for (status, code, class, retryable, current, after, expected) in [
        (400, codes::BAD_REQUEST, Logic, false, false, None, "refused"),
        (401, codes::TOKEN_EXPIRED, Logic, false, false, None, "later 0"),
        (401, codes::CREDENTIAL_UNKNOWN, Fatal, false, false, None, "later 0"),
        (401, codes::CLOCK_SKEW, Logic, true, false, None, "later 0"),
        (401, codes::NONCE_REUSED, Logic, true, false, None, "unknown"),
        (403, codes::FORBIDDEN, Logic, false, false, None, "refused"),
        (404, codes::NOT_FOUND, Logic, false, false, None, "unknown"),
        (409, codes::KEY_REUSED, Logic, false, false, None, "refused"),
        (409, "alreadyConfirmed", Notice, false, false, None, "accepted"),
        (412, codes::VERSION_PASSED, Logic, false, true, None, "decision"),
        (412, "anything", Logic, false, false, None, "decision"),
        (413, codes::TOO_LARGE, Logic, false, false, None, "refused"),
        (422, codes::INVALID, Logic, false, false, None, "refused"),
        (422, codes::INVALID, Fatal, true, false, Some(9), "later 9"),
        (422, codes::WRONG_STATE, Logic, false, false, None, "refused"),
        (422, codes::WRONG_STATE, Logic, false, true, None, "decision"),
        (422, codes::ATTACHMENT_MISSING, Logic, false, false, None, "upload"),
        (422, codes::DIGEST_MISMATCH, Logic, false, false, None, "upload"),
        (429, codes::RATE_LIMITED, Logic, false, false, Some(30), "later 30"),
        (500, codes::INTERNAL, Fatal, false, false, None, "unknown"),
        (503, codes::MAINTENANCE, Fatal, true, false, Some(600), "later 600"),
        (503, "busy", Fatal, true, false, None, "unknown"),
    ] {
        let problem = problem(code, class, retryable, current, after);
        let got =
            judge(None, &Err(ClientError::Refused { status, problem: Some(problem), retry_after_s: None }));
        assert_eq!(name(&got), expected, "{status} {code}");
    }
}

#[test]
fn results_and_failures() {
    let refused = |code, current| Some(problem(code, Class::Logic, false, current, None));
    let cases: Vec<(Result<SubmissionResult, ClientError>, &str)> = vec![
        (Ok(result(Outcome::Accepted, Some(3), None)), "accepted"),
        (
            Ok(result(
                Outcome::Accepted,
                None,
                Some(problem(codes::ALREADY_DONE, Class::Notice, false, false, None)),
            )),
            "accepted",
        ),
        (Ok(result(Outcome::Partial, Some(3), None)), "decision"),
        (Ok(result(Outcome::Refused, None, None)), "refused"),
        (Ok(result(Outcome::Refused, None, refused(codes::INVALID, false))), "refused"),
        (Ok(result(Outcome::Refused, None, refused(codes::VERSION_PASSED, true))), "decision"),
        (Err(ClientError::Unreachable(String::new())), "later 0"),
        (Err(ClientError::SignInNeeded), "later 0"),
        (Err(ClientError::TimedOut), "unknown"),
        (Err(ClientError::Cut(String::new())), "unknown"),
        (Err(ClientError::BadAnswer(String::new())), "unknown"),
        (Err(ClientError::Refused { status: 404, problem: None, retry_after_s: None }), "unknown"),
        (Err(ClientError::Refused { status: 502, problem: None, retry_after_s: None }), "unknown"),
    ];
    for (answer, expected) in &cases {
        assert_eq!(&name(&judge(None, answer)), expected, "{answer:?}");
    }
}

#[test]
fn a_colleagues_earlier_answer_is_no_refusal() {
    use SubmissionKind::{NoticeReply, OrderCancel};
    for (kind, code, expected) in [
        (NoticeReply, codes::WRONG_STATE, "decision"),
        (NoticeReply, codes::INVALID, "refused"),
        (OrderCancel, codes::WRONG_STATE, "refused"),
    ] {
        let refused = problem(code, Class::Logic, false, false, None);
        let answer = Err(ClientError::Refused { status: 422, problem: Some(refused), retry_after_s: None });
        assert_eq!(name(&judge(Some(kind), &answer)), expected, "{kind:?} {code}");
    }
}

fn outbox_item(seq: i64, kind: &str, document: &str) -> OutboxItem {
    OutboxItem {
        seq,
        key: format!("k{seq}"),
        kind: kind.to_owned(),
        document: document.to_owned(),
        body: r#"{"noticeId": "n1"}"#.to_owned(),
        body_sha256: [0; 32],
        base_ver: Some(5),
        state: OutboxState::Queued,
        attempts: 0,
        not_before: 0,
        error_code: None,
        error_text: None,
        answer: None,
        actor: String::new(),
        created_at: 0,
        sent_at: None,
        settled_at: None,
        on_behalf_of: None,
        reviewer: None,
        reviewed_at: None,
        review_reason: None,
        may_have_left: false,
        also_by: None,
    }
}

fn theirs(seq: i64, kind: &str, document: &str) -> OutboxItem {
    OutboxItem { actor: "liu".to_owned(), ..outbox_item(seq, kind, document) }
}

#[test]
fn a_later_item_builds_upon_its_predecessors_acceptance() {
    let accepted = |seq, ver| OutboxItem {
        state: OutboxState::Accepted,
        answer: serde_json::to_string(&result(Outcome::Accepted, ver, None)).ok(),
        ..outbox_item(seq, "notice.sign", "n1")
    };
    let refused = OutboxItem { state: OutboxState::Refused, ..accepted(1, Some(9)) };
    for (name, base_ver, attempts, earlier, expected) in [
        ("alone", Some(5), 0, vec![], Some(5)),
        ("after an acceptance", Some(5), 0, vec![accepted(1, Some(6))], Some(6)),
        ("after two", Some(5), 0, vec![accepted(1, Some(6)), accepted(2, Some(8))], Some(8)),
        ("the user saw a later one", Some(9), 0, vec![accepted(1, Some(6))], Some(9)),
        ("after a refusal", Some(5), 0, vec![refused], Some(5)),
        ("after an acceptance without version", Some(5), 0, vec![accepted(1, None)], Some(5)),
        ("a later item says nothing", Some(5), 0, vec![accepted(4, Some(6))], Some(5)),
        ("once sent it stays", Some(5), 1, vec![accepted(1, Some(6))], Some(5)),
        ("without base version", None, 0, vec![accepted(1, Some(6))], None),
    ] {
        let item = OutboxItem { base_ver, attempts, ..outbox_item(3, "notice.reply", "n1") };
        assert_eq!(base_version(&item, &earlier), expected, "{name}");
    }
}

#[test]
fn order_of_sending() {
    let put_off = |item: OutboxItem| OutboxItem { not_before: 100, ..item };
    let undecided = OutboxItem { state: OutboxState::NeedsDecision, ..outbox_item(1, "notice.reply", "n1") };
    let refused = OutboxItem { state: OutboxState::Refused, ..undecided.clone() };
    for (name, waiting, attention, expected) in [
        ("nothing", vec![], vec![], vec![]),
        (
            "check-in first, then notices, then goods",
            vec![
                outbox_item(1, "order.submit", "o1"),
                outbox_item(2, "receipt.create", "d1"),
                outbox_item(3, "notice.sign", "n1"),
                outbox_item(4, "notice.reply", "n1"),
                outbox_item(5, "checkIn", "c1"),
            ],
            vec![],
            vec![5, 3, 4, 2, 1],
        ),
        (
            "a document keeps its order whatever the kinds",
            vec![outbox_item(1, "order.submit", "x"), outbox_item(2, "receipt.create", "x")],
            vec![],
            vec![1, 2],
        ),
        (
            "what is put off holds back what follows in its document, and nothing else",
            vec![
                put_off(outbox_item(1, "notice.sign", "n1")),
                outbox_item(2, "notice.reply", "n1"),
                outbox_item(3, "notice.reply", "n2"),
            ],
            vec![],
            vec![3],
        ),
        (
            "an open decision holds its document back",
            vec![outbox_item(2, "notice.reply", "n1"), outbox_item(3, "notice.reply", "n2")],
            vec![undecided.clone()],
            vec![3],
        ),
        (
            "but not what may have arrived: it is asked about",
            vec![OutboxItem { state: OutboxState::Sending, ..outbox_item(2, "notice.reply", "n1") }],
            vec![undecided],
            vec![2],
        ),
        ("a refusal does not", vec![outbox_item(2, "notice.reply", "n1")], vec![refused], vec![2]),
        (
            "a colleague's goes out in his own name, and what builds upon it waits",
            vec![
                theirs(1, "notice.sign", "n1"),
                outbox_item(2, "notice.reply", "n1"),
                outbox_item(3, "x", "n2"),
            ],
            vec![],
            vec![3],
        ),
        (
            "who approved a colleague's as the second person may send it",
            vec![
                OutboxItem { also_by: Some(String::new()), ..theirs(1, "notice.reply", "n1") },
                outbox_item(2, "notice.reply", "n1"),
            ],
            vec![],
            vec![1, 2],
        ),
        (
            "check-ins are each person's own",
            vec![theirs(1, "checkIn", "checkIn:2026-11-20"), outbox_item(2, "checkIn", "checkIn:2026-11-20")],
            vec![],
            vec![2],
        ),
    ] {
        let got: Vec<_> = sendable(waiting, &attention, 50, "").into_iter().map(|item| item.seq).collect();
        assert_eq!(got, expected, "{name}");
    }
}

#[test]
fn bytes_are_the_same_each_time() {
    let item = outbox_item(1, "notice.sign", "n1");
    let bytes = body(&item).unwrap();
    assert_eq!(bytes, r#"{"kind":"notice.sign","payload":{"noticeId": "n1"},"baseVer":5}"#);
    assert_eq!(body(&OutboxItem { attempts: 3, ..item.clone() }).unwrap(), bytes);
    assert!(body(&OutboxItem { body: "{".to_owned(), ..item }).is_err());
}
