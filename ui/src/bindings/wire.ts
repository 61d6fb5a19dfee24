// Made from crates/app by `cargo test -p sunbench-app bindings`; do not edit.

export type ApiError = { 
/**
 * What went wrong.
 */
code: ErrorCode, 
/**
 * The field of the request, or the file, that it is about.
 */
field: string | null, 
/**
 * To find it in the log.
 */
incident: string | null, };

export type AppState = { version: string, profile: ProfileStatus, cause: LockCause | null, 
/**
 * Whether the profile has a passphrase.
 */
hasPassphrase: boolean, connection: Connection | null, demo: Demo | null, 
/**
 * The folder of the profile, for the helpdesk.
 */
folder: string, };

export type AttachReq = { name: string, contentBase64: string, };

export type Attachment = { sha256: string, name: string, 
/**
 * Bytes.
 */
size: number, };

export type AttachmentContent = { contentBase64: string, };

export type AttachmentReq = { sha256: string, };

export type Attendance = { month: string, days: Array<AttendanceDay>, };

export type AttendanceDay = { date: string, working: boolean, name: string | null, provisional: boolean, checkedIn: boolean, 
/**
 * Recorded here, not yet at the platform.
 */
waiting: boolean, };

export type AttendanceReq = { 
/**
 * yyyy-MM.
 */
month: string, };

export type AuditEntry = { seq: number, at: string, actor: string, action: string, subject: string, detail: string, hash: string, };

export type AuditPage = { entries: Array<AuditEntry>, before: number | null, };

export type AuditReq = { before: number | null, };

export type CheckIn = { state: CheckInState, at: string | null, 
/**
 * Working days of this month with a check-in, and working days so far.
 */
doneThisMonth: number, workingDaysSoFar: number, };

export type CheckInState = "notNeeded" | "missing" | "waiting" | "done";

export type CodeCheckAnswer = { kind: string, valid: boolean, normalized: string, parts: Array<CodePart>, reason: string | null, };

export type CodeCheckReq = { kind: string, value: string, };

export type CodePart = { name: string, value: string, };

export type ConnectReq = { url: string, institution: string, user: string, password: string, };

export type Connection = { platform: string, url: string, institution: string, institutionName: string, user: string, userName: string, roles: Array<string>, demo: boolean, };

export type Deadline = { dueDate: string, 
/**
 * 24:00 of the due date, or the instant that the platform states.
 */
dueAt: string, 
/**
 * The next year's holidays are not published yet.
 */
provisional: boolean, earliestDate: string | null, latestDate: string | null, 
/**
 * After today; 0 on the due date, negative when overdue.
 */
remainingWorkingDays: number, urgency: Urgency, 
/**
 * The working days counted, in order.
 */
counted: Array<string>, 
/**
 * Every day from the issue to the due date.
 */
days: Array<DeadlineDay>, calendarVersion: string, 
/**
 * Stated by the platform instead of counted.
 */
stated: boolean, };

export type DeadlineDay = { date: string, working: boolean, name: string | null, 
/**
 * Its number in the count, where it counts.
 */
number: number | null, provisional: boolean, };

export type Demo = { 
/**
 * Off is a pulled network cable.
 */
online: boolean, 
/**
 * The supervisor's console, for a browser.
 */
console: string, supervisor: string, supervisorPassword: string, };

export type DemoOnlineReq = { online: boolean, };

export type Draft = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, editedAt: string, editedBy: string, };

export type DraftSaveReq = { notice: string, round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, };

export type DraftSaved = { editedAt: string, };

export type ErrorCode = "profileLocked" | "profileExists" | "wrongKey" | "passphraseNeeded" | "recoveryCodeWrong" | "profileTooNew" | "profileDamaged" | "databaseMissing" | "keyFileDamaged" | "profileInUse" | "keyringAbsent" | "keyringLocked" | "keyMissing" | "diskFull" | "diskFailed" | "readOnly" | "notConnected" | "signInRefused" | "signInExpired" | "unreachable" | "timedOut" | "insecureConnection" | "clockWrong" | "maintenance" | "platformTooNew" | "platformAnswer" | "quotaUsed" | "forbidden" | "otherInstitution" | "badAddress" | "plainHttp" | "notFound" | "wrongState" | "fieldRequired" | "fieldInvalid" | "attachmentTooLarge" | "attachmentUnreadable" | "viewGone" | "outsideCalendar" | "cancelled" | "internal";

export type EvidenceLine = { label: string, value: string, orderLine: string | null, };

export type HitKind = "notice" | "product" | "org" | "order";

export type LifeEvent = { kind: LifeKind, at: string, 
/**
 * Only a date is known.
 */
dateOnly: boolean, title: string, detail: string, state: string, stateText: string, quantity: string | null, amount: string | null, lot: string | null, expires: string | null, };

export type LifeKind = "ordered" | "responded" | "delivered" | "received" | "returned" | "invoiced" | "settled" | "paid";

export type LockCause = "byUser" | "passphrase" | "keyringAbsent" | "keyringLocked" | "keyMissing" | "keyFile" | "databaseMissing" | "damaged" | "tooNew" | "inUse" | "readOnly" | "diskFull" | "diskFailed";

export type Nothing = Record<symbol, never>;

export type NoticeDetail = { row: NoticeRow, body: string, ruleName: string, clause: string, indicatorId: string | null, returnReason: string, evidence: Array<EvidenceLine>, timeline: Array<TimelineEntry>, replies: Array<Reply>, draft: Draft | null, 
/**
 * Submissions for this notice, oldest first.
 */
submissions: Array<OutboxItem>, };

export type NoticeList = { rows: Array<NoticeRow>, };

export type NoticeReq = { id: string, };

export type NoticeRow = { id: string, code: string, title: string, issuer: string, level: string, issuedAt: string, deadline: Deadline, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * Whether the hospital owes an answer.
 */
open: boolean, round: number, 
/**
 * An answer is queued or being sent.
 */
replyWaiting: boolean, 
/**
 * There is a draft.
 */
hasDraft: boolean, };

export type NoticeScope = "open" | "all";

export type NoticesReq = { scope: NoticeScope, };

export type OrderLineDetail = { row: OrderRow, 
/**
 * From order to payment, in time.
 */
life: Array<LifeEvent>, siblings: Array<OrderRow>, };

export type OrderLineReq = { id: string, };

export type OrderPage = { rows: Array<OrderRow>, };

export type OrderRow = { id: string, orderCode: string, lineNo: number, product: string, spec: string, model: string, mcsCode: string | null, maker: string, supplier: string, unit: string, quantity: string, price: string, amount: string, kind: string, state: string, stateText: string, 
/**
 * The platform says late, or its delivery clock has run out.
 */
late: boolean, urgent: boolean, submittedAt: string, deliveryDueAt: string | null, delivered: string, received: string, returned: string, dept: string, };

export type OrdersPageReq = { view: number, page: number, };

export type OrdersReq = { text: string, 
/**
 * Canonical state codes; none means all.
 */
states: Array<string>, from: string | null, to: string | null, };

export type OrdersView = { view: number, total: number, 
/**
 * The sum of the lines, where it is known at once.
 */
amount: string | null, pageSize: number, first: Array<OrderRow>, states: Array<StateCount>, };

export type OtherVersion = { operator: string, at: string, text: string, };

export type OutboxItem = { key: string, 
/**
 * The submission kind on the wire, such as `notice.reply`.
 */
kind: string, 
/**
 * The notice, order or delivery that it is about.
 */
subject: string, subjectTitle: string, state: OutboxState, attempts: number, errorCode: string | null, 
/**
 * For people.
 */
errorText: string | null, createdAt: string, sentAt: string | null, settledAt: string | null, 
/**
 * When the platform took it, by its own clock.
 */
acceptedAt: string | null, 
/**
 * SHA-256 of what was sent.
 */
digest: string, actor: string, 
/**
 * What the platform holds instead, where a colleague was faster.
 */
other: OtherVersion | null, };

export type OutboxKeyReq = { key: string, };

export type OutboxList = { items: Array<OutboxItem>, waiting: number, attention: number, 
/**
 * For the next page, where there is one.
 */
before: number | null, };

export type OutboxReq = { 
/**
 * Items before this one, for the next page.
 */
before: number | null, };

export type OutboxState = "queued" | "sending" | "accepted" | "refused" | "needsDecision" | "withdrawn";

export type PreferenceSetReq = { key: string, 
/**
 * None takes it away.
 */
value: string | null, };

export type Preferences = { values: { [key in string]: string }, };

export type ProfileCreateReq = { passphrase: string | null, };

export type ProfileCreated = { recoveryCode: string, };

export type ProfileStatus = "none" | "locked" | "open";

export type ProfileUnlockReq = { passphrase: string | null, recoveryCode: string | null, };

export type QuarantineList = { records: Array<QuarantinedRecord>, };

export type QuarantinedRecord = { resource: string, id: string, field: string, reason: string, seenAt: string, };

export type Reply = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, operator: string, submittedAt: string, 
/**
 * The submission's key: the proof of sending.
 */
clientKey: string, };

export type ReplyReq = { notice: string, round: number, };

export type Salvaged = { movedTo: string, rows: number, };

export type SearchHit = { kind: HitKind, id: string, title: string, detail: string, };

export type SearchHits = { hits: Array<SearchHit>, };

export type SearchReq = { text: string, };

export type StateCount = { state: string, text: string, count: number, };

export type SyncPhase = "notConnected" | "connecting" | "firstSync" | "syncing" | "upToDate" | "offline" | "maintenance" | "signInNeeded" | "paused" | "failed";

export type SyncStatus = { phase: SyncPhase, error: ErrorCode | null, 
/**
 * Records of the first sync so far.
 */
done: number, total: number, lastSync: string | null, retryAt: string | null, 
/**
 * Queued and sending.
 */
waiting: number, 
/**
 * Refused, or waiting for a decision.
 */
attention: number, 
/**
 * Bad records that were set aside.
 */
quarantined: number, 
/**
 * Of the last run: received = applied + unchanged + quarantined.
 */
received: number, applied: number, unchanged: number, 
/**
 * Seconds that this PC's clock is ahead of the platform's.
 */
clockOffsetS: number, };

export type Task = { id: string, title: string, detail: string, dueAt: string | null, urgency: Urgency, 
/**
 * The order line to open, where there is one.
 */
orderLine: string | null, };

export type TaskGroup = { kind: TaskKind, total: number, 
/**
 * At most twenty, the nearest first.
 */
tasks: Array<Task>, };

export type TaskKind = "deliveryClock" | "delivery" | "receipt" | "payment";

export type TimelineEntry = { kind: TimelineKind, at: string, by: string | null, round: number, text: string | null, };

export type TimelineKind = "issued" | "signed" | "replied" | "returned" | "closed";

export type Today = { date: string, now: string, workingDay: boolean, 
/**
 * Name of the holiday, or why a weekend is a working day.
 */
dayName: string | null, checkIn: CheckIn, 
/**
 * Open notices, the nearest deadline first.
 */
notices: Array<NoticeRow>, groups: Array<TaskGroup>, 
/**
 * Submissions that need a person.
 */
attention: number, waiting: number, };

export type Urgency = "overdue" | "today" | "soon" | "later";

export type Verification = { integrity: boolean, auditChain: boolean, auditEntries: number, cursor: string | null, orphans: number, };

/** Every command: its request and its answer. */
export interface Commands {
  app_state: { request: Nothing; answer: AppState };
  profile_create: { request: ProfileCreateReq; answer: ProfileCreated };
  profile_unlock: { request: ProfileUnlockReq; answer: AppState };
  profile_lock: { request: Nothing; answer: AppState };
  profile_salvage: { request: Nothing; answer: Salvaged };
  recovery_code_renew: { request: Nothing; answer: ProfileCreated };
  connect: { request: ConnectReq; answer: AppState };
  demo_start: { request: Nothing; answer: AppState };
  demo_online: { request: DemoOnlineReq; answer: AppState };
  sync_now: { request: Nothing; answer: SyncStatus };
  sync_cancel: { request: Nothing; answer: SyncStatus };
  sync_status: { request: Nothing; answer: SyncStatus };
  quarantine_list: { request: Nothing; answer: QuarantineList };
  today: { request: Nothing; answer: Today };
  check_in: { request: Nothing; answer: Today };
  attendance: { request: AttendanceReq; answer: Attendance };
  notices_list: { request: NoticesReq; answer: NoticeList };
  notice_detail: { request: NoticeReq; answer: NoticeDetail };
  notice_draft_save: { request: DraftSaveReq; answer: DraftSaved };
  notice_attach: { request: AttachReq; answer: Attachment };
  notice_attachment: { request: AttachmentReq; answer: AttachmentContent };
  notice_reply: { request: ReplyReq; answer: OutboxItem };
  orders_open: { request: OrdersReq; answer: OrdersView };
  orders_page: { request: OrdersPageReq; answer: OrderPage };
  order_line: { request: OrderLineReq; answer: OrderLineDetail };
  search: { request: SearchReq; answer: SearchHits };
  outbox_list: { request: OutboxReq; answer: OutboxList };
  outbox_withdraw: { request: OutboxKeyReq; answer: OutboxItem };
  outbox_resend: { request: OutboxKeyReq; answer: OutboxItem };
  code_check: { request: CodeCheckReq; answer: CodeCheckAnswer };
  preferences: { request: Nothing; answer: Preferences };
  preference_set: { request: PreferenceSetReq; answer: Preferences };
  audit_page: { request: AuditReq; answer: AuditPage };
  verify: { request: Nothing; answer: Verification };
}
