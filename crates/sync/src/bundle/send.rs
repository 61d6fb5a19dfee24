//! A bundle's submissions, to the platform: each is asked after first, and sent under its own key.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use sunbench_contract::{Outcome, SubmissionKind, SubmissionResult};
use sunbench_exchange::bundle::{Answer, AttachmentPiece, Contents, Frame, Said, Submission, Waits};

use super::BundleFailure;
use super::read::Frames;
use super::relay::Outgoing;
use crate::client::ClientError;
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::plan::{Purpose, may_spend};
use crate::push::{Verdict, Why, body_of, judge};
use crate::report::Phase;
use crate::upload::{Source, Upload};

/// How often one submission is sent within one relay.
const TRIES: u32 = 3;
/// How often it is asked after or sent.
const ROUNDS: u32 = 3 * TRIES;

/// What became of one submission.
enum Ended {
    Answered(Said),
    Waits(Why),
}

/// The submissions of one relay.
#[derive(Default)]
struct Round {
    answers: HashMap<String, Answer>,
    /// Documents whose next submissions wait.
    blocked: HashSet<String>,
    /// The version that a document's last acceptance returned.
    versions: HashMap<String, i64>,
    /// Answered in this relay.
    answered: u64,
}

/// The submission whose attachments are arriving.
struct Current {
    submission: Submission,
    /// Known already, or not to be sent.
    ended: Option<Ended>,
    arriving: Option<(String, Vec<u8>)>,
    uploaded: HashSet<String>,
}

impl SyncEngine {
    /// Sends what has not been answered, and counts what is answered now.
    pub(super) async fn send_bundle(
        &self,
        run: &mut Run,
        user: &str,
        contents: &Contents,
        frames: &mut Frames,
        out: &Outgoing,
        answered: &mut u64,
    ) -> Result<(), BundleFailure> {
        let mut round = Round {
            answers: contents.answers.iter().map(|answer| (answer.key.clone(), answer.clone())).collect(),
            ..Round::default()
        };
        let mut current: Option<Current> = None;
        let total = u64::from(contents.export.submissions);
        let mut done = 0;
        loop {
            let frame = frames.next().await?;
            match frame {
                Some(Frame::Export(_) | Frame::Unknown) => {}
                Some(Frame::Submission(submission)) => {
                    self.complete(run, &mut round, current.take(), out).await?;
                    *answered = round.answered;
                    self.tell(Phase::Sending, done, Some(total));
                    done += 1;
                    current = Some(self.begin_submission(run, &round, user, submission).await?);
                }
                Some(Frame::Attachment(piece)) => {
                    if let Some(current) = current.as_mut().filter(|current| current.ended.is_none()) {
                        self.take_piece(run, current, piece).await?;
                    }
                }
                _ => {
                    self.complete(run, &mut round, current.take(), out).await?;
                    *answered = round.answered;
                    return Ok(());
                }
            }
        }
    }

    /// Decides whether a submission is to be sent at all.
    async fn begin_submission(
        &self,
        run: &mut Run,
        round: &Round,
        user: &str,
        submission: Submission,
    ) -> Result<Current, SyncError> {
        run.retry.check()?;
        let waits =
            |code: &str, text: &str| Some(Ended::Waits(Why { code: code.to_owned(), text: text.to_owned() }));
        let ended = if let Some(answer) = round.answers.get(&submission.key) {
            Some(Ended::Answered(answer.said.clone()))
        } else if round.blocked.contains(&submission.document) {
            waits("predecessor", "waits for the one before it in its document")
        } else if !may_spend(Purpose::Submit, self.quota_left(run)) {
            return Err(SyncError::Quota);
        } else if let Some(result) = run.retry.run(|| self.client.submission_status(&submission.key)).await? {
            Some(Ended::Answered(Said::Result(Box::new(result))))
        } else if submission.actor != user && submission.also_by.as_deref() != Some(user) {
            waits("otherOperator", "is relayed by a seat of the person who entered or approved it")
        } else {
            None
        };
        Ok(Current { submission, ended, arriving: None, uploaded: HashSet::new() })
    }

    /// Collects an attachment and uploads it once it is whole.
    async fn take_piece(
        &self,
        run: &mut Run,
        current: &mut Current,
        piece: AttachmentPiece,
    ) -> Result<(), SyncError> {
        let lost = |code: &str| Some(Ended::Waits(Why { code: code.to_owned(), text: piece.sha256.clone() }));
        if piece.total > run.attachment_bytes {
            current.ended = lost("attachmentTooLarge");
            return Ok(());
        }
        let (sha256, bytes) = current.arriving.get_or_insert_with(|| (piece.sha256.clone(), Vec::new()));
        if *sha256 != piece.sha256 || bytes.len() as u64 + piece.bytes.len() as u64 > piece.total {
            current.ended = lost("attachmentLost");
            return Ok(());
        }
        bytes.extend_from_slice(&piece.bytes);
        if (bytes.len() as u64) < piece.total {
            return Ok(());
        }
        let Some((sha256, bytes)) = current.arriving.take() else { return Ok(()) };
        let bytes = Bytes::from(bytes);
        match self.upload(run, &sha256, piece.total, Source::Arrived(&bytes)).await? {
            Upload::There | Upload::Sent => {
                current.uploaded.insert(sha256);
            }
            Upload::Failed(why) => current.ended = Some(Ended::Waits(why)),
        }
        Ok(())
    }

    /// Sends a submission whose attachments are there, and writes down what became of it.
    async fn complete(
        &self,
        run: &mut Run,
        round: &mut Round,
        current: Option<Current>,
        out: &Outgoing,
    ) -> Result<(), BundleFailure> {
        let Some(Current { submission, ended, uploaded, .. }) = current else { return Ok(()) };
        let known = round.answers.remove(&submission.key);
        let (ended, new) = match (known, ended) {
            (Some(answer), _) => (Ended::Answered(answer.said), false),
            (None, Some(ended)) => (ended, true),
            (None, None) => {
                let lost = submission.attachments.iter().find(|sha256| !uploaded.contains(*sha256));
                if let Some(sha256) = lost {
                    (Ended::Waits(Why { code: "attachmentLost".to_owned(), text: sha256.clone() }), true)
                } else {
                    let base = match (submission.firm, submission.base_ver) {
                        (false, Some(seen)) => {
                            Some(round.versions.get(&submission.document).map_or(seen, |ver| seen.max(*ver)))
                        }
                        (_, base) => base,
                    };
                    (self.submit_carried(run, &submission, base).await?, true)
                }
            }
        };
        let kind = SubmissionKind::from_name(&submission.kind);
        match ended {
            Ended::Answered(said) => {
                let answer = answer_of(&said);
                if let Ok(accepted @ SubmissionResult { outcome: Outcome::Accepted, .. }) = &answer
                    && let Some(ver) = accepted.next_base()
                {
                    let ver = i64::try_from(ver).unwrap_or(i64::MAX);
                    round.versions.insert(submission.document.clone(), ver);
                }
                if matches!(judge(kind, &answer), Verdict::NeedsDecision(_)) {
                    round.blocked.insert(submission.document.clone());
                }
                if new {
                    round.answered += 1;
                    out.send(Frame::Answer(Answer { key: submission.key, said })).await?;
                }
            }
            Ended::Waits(Why { code, text }) => {
                round.blocked.insert(submission.document);
                out.send(Frame::Waits(Waits { key: submission.key, code, text })).await?;
            }
        }
        Ok(())
    }

    /// As the outbox does it: asked after whatever has no clear answer, and a refusal believed when it is on record or
    /// said twice.
    async fn submit_carried(
        &self,
        run: &mut Run,
        submission: &Submission,
        base_ver: Option<i64>,
    ) -> Result<Ended, SyncError> {
        let Ok(bytes) = body_of(&submission.kind, &submission.body, base_ver) else {
            return Ok(Ended::Waits(Why { code: "payload".to_owned(), text: String::new() }));
        };
        let kind = SubmissionKind::from_name(&submission.kind);
        let mut refused: Option<(Verdict, Said)> = None;
        let (mut sent, mut last) = (0, None);
        for round in 0..ROUNDS {
            run.retry.check()?;
            if round > 0
                && let Some(result) = run.retry.run(|| self.client.submission_status(&submission.key)).await?
            {
                let verdict = judge(kind, &Ok(result.clone()));
                let first = refused.take_if(|(said, _)| said.is_like(&verdict));
                // The first answer says more than the record.
                return Ok(Ended::Answered(
                    first.map_or_else(|| Said::Result(Box::new(result)), |(_, said)| said),
                ));
            }
            if sent >= TRIES {
                break;
            }
            sent += 1;
            let answer = run.retry.once(self.client.submit(&submission.key, bytes.clone())).await?;
            let verdict = judge(kind, &answer);
            match verdict {
                Verdict::Accepted => return Ok(Ended::Answered(said_of(answer, &submission.key)?)),
                Verdict::Refused(_) | Verdict::NeedsDecision(_) => {
                    let again = refused.as_ref().is_some_and(|(said, _)| said.is_like(&verdict));
                    let said = said_of(answer, &submission.key)?;
                    if again || matches!(said, Said::Result(_)) {
                        return Ok(Ended::Answered(said));
                    }
                    refused = Some((verdict, said));
                }
                Verdict::Upload(why) => return Ok(Ended::Waits(why)),
                Verdict::Later(why, after) => match answer.err() {
                    Some(error) if error.is_connection() || (after.is_none() && error.is_passing()) => {
                        last = Some(why);
                        run.retry.wait(error).await?;
                    }
                    _ => return Ok(Ended::Waits(why)),
                },
                Verdict::Unknown(why) => {
                    last = Some(why);
                    if let Err(error) = answer {
                        run.retry.wait(error.into_passing()).await?;
                    }
                }
            }
        }
        let text = "no answer that can be relied on".to_owned();
        Ok(Ended::Waits(last.unwrap_or(Why { code: String::new(), text })))
    }
}

/// An answer as the outbox judges it.
pub(super) fn answer_of(said: &Said) -> Result<SubmissionResult, ClientError> {
    match said {
        Said::Result(result) => Ok((**result).clone()),
        Said::Refused { status, problem } => {
            Err(ClientError::Refused { status: *status, problem: Some(problem.clone()), retry_after_s: None })
        }
    }
}

fn said_of(answer: Result<SubmissionResult, ClientError>, key: &str) -> Result<Said, SyncError> {
    match answer {
        Ok(result) if result.client_key.eq_ignore_ascii_case(key) => Ok(Said::Result(Box::new(result))),
        Ok(_) => Err(ClientError::BadAnswer("the answer to another submission".to_owned()).into()),
        Err(ClientError::Refused { status, problem: Some(problem), .. }) => {
            Ok(Said::Refused { status, problem })
        }
        Err(error) => Err(error.into()),
    }
}
