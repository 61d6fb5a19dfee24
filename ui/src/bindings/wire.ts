// Made from crates/app by `cargo test -p sunbench-app bindings`; do not edit.

export type AccountAnswer = { at: string, 
/**
 * In Chinese: 已受理、被退回、待裁定.
 */
outcome: string, 
/**
 * The platform's number for what it made of it: 回执号.
 */
receipt: string | null, version: string | null, 
/**
 * When the platform took it, by its own clock.
 */
acceptedAt: string | null, code: string | null, 
/**
 * In the platform's words.
 */
message: string | null, 
/**
 * SHA-256 of the whole answer, which is kept.
 */
digest: string | null, };

export type AccountEntry = { 
/**
 * When the person did it.
 */
at: string, 
/**
 * The person's sign-in name; empty for the program itself.
 */
actor: string, 
/**
 * The person's name where it is known.
 */
actorName: string, 
/**
 * What was done, in Chinese: 反馈督办通知.
 */
what: string, 
/**
 * The submission kind on the wire; none for other events.
 */
kind: string | null, 
/**
 * What it is about, such as `notice:123`.
 */
document: string, documentTitle: string, 
/**
 * The submission's key.
 */
key: string | null, state: OutboxState | null, attempts: number, 
/**
 * When it was first marked to go out.
 */
sentAt: string | null, 
/**
 * SHA-256 of what was sent.
 */
bodyDigest: string | null, 
/**
 * What was sent, byte for byte, where it is still here and is what the log says.
 */
body: string | null, 
/**
 * What is here is not what the log says.
 */
altered: boolean, attachments: Array<AccountFile>, answer: AccountAnswer | null, 
/**
 * The entries of the log that this account rests on.
 */
steps: Array<AccountStep>, 
/**
 * All of it as one paragraph, for printing.
 */
text: string, };

export type AccountFile = { sha256: string, name: string, 
/**
 * Bytes.
 */
size: number | null, 
/**
 * When the platform had all of it.
 */
sentAt: string | null, 
/**
 * The content is still here.
 */
kept: boolean, };

export type AccountStep = { seq: number, at: string, actor: string, action: string, 
/**
 * In Chinese.
 */
what: string, };

export type Act = "checkIn" | "draft" | "reply" | "receive" | "purchase" | "submissions" | "exchange" | "reconcile" | "signOff" | "manage";

export type AdjustmentKind = "added" | "changed" | "removed";

export type AdjustmentRow = { kind: AdjustmentKind, line: ReconcileLine, 
/**
 * Ledger: plus; platform: minus. Nought for a change that is not in money.
 */
amount: string, };

export type AliasOf = "supplier" | "product";

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
folder: string, 
/**
 * Whom the lock screen offers: people with a passphrase of their own.
 */
people: Array<LockedPerson>, 
/**
 * Seconds until the next passphrase is taken, after too many wrong ones; else 0.
 */
retryAfterS: number, };

export type AttachReq = { name: string, contentBase64: string | null, path: string | null, };

export type Attachment = { sha256: string, name: string, 
/**
 * Bytes.
 */
size: number, };

export type AttachmentContent = { contentBase64: string, };

export type AttachmentFileReq = { sha256: string, name: string, };

export type AttachmentInfo = { 
/**
 * The name that the file gets: no folders, nothing that a system reads as a command.
 */
name: string, 
/**
 * The given name differs from it, or hides something.
 */
renamed: boolean, kind: AttachmentKind, 
/**
 * Bytes.
 */
size: number, 
/**
 * May be opened by the system's viewer; otherwise it can only be saved.
 */
mayOpen: boolean, 
/**
 * The content is not what the name says.
 */
disguised: boolean, };

export type AttachmentKind = "picture" | "document" | "sheet" | "text" | "archive" | "program" | "other";

export type AttachmentReq = { sha256: string, };

export type AttachmentSaved = { file: string, };

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

export type AuditAccount = { from: string, to: string, 
/**
 * Oldest first.
 */
entries: Array<AccountEntry>, 
/**
 * There is more than is shown: ask for fewer days.
 */
cut: boolean, chain: AuditState, };

export type AuditEntry = { seq: number, at: string, actor: string, action: string, subject: string, detail: string, hash: string, };

export type AuditExplainReq = { 
/**
 * The first day, yyyy-MM-dd; without days the last 400.
 */
from: string | null, 
/**
 * The last day; the first one when absent.
 */
to: string | null, 
/**
 * A notice, order or delivery by its id or number, as `notice:123` or `123`; or a submission's key.
 */
about: string | null, };

export type AuditExported = { file: string, entries: number, 
/**
 * The newest entry's hash.
 */
head: string | null, 
/**
 * Of the whole file, in lower-case hex.
 */
sha256: string, };

export type AuditFault = "changed" | "missing" | "end" | "replaced" | "anchorLost";

export type AuditPage = { entries: Array<AuditEntry>, before: number | null, };

export type AuditReq = { before: number | null, };

export type AuditState = { ok: boolean, entries: number, fault: AuditFault | null, 
/**
 * The first entry that is wrong or missing.
 */
firstBad: number | null, 
/**
 * The newest entry's hash: to be compared with a printed or exported one.
 */
head: string | null, headAt: string | null, };

export type BackupAttempt = { at: string, ok: boolean, file: string, error: ErrorCode | null, };

export type BackupList = { folder: string, rows: Array<BackupRow>, };

export type BackupMade = { file: string, 
/**
 * Of the whole file.
 */
bytes: string, createdAt: string, 
/**
 * Of the whole file, in lower-case hex.
 */
sha256: string, verified: boolean, };

export type BackupNowReq = { file: string | null, 
/**
 * Ask with the system's dialog.
 */
choose: boolean, };

export type BackupRow = { file: string, name: string, createdAt: string, bytes: string, 
/**
 * It was verified when it was written, and it is as long as it was then.
 */
verified: boolean, 
/**
 * Made by itself.
 */
scheduled: boolean, 
/**
 * Of this profile.
 */
own: boolean, };

export type BackupSettingsReq = { enabled: boolean | null, folder: string | null, 
/**
 * Ask for the folder with the system's dialog.
 */
chooseFolder: boolean, everyDays: number | null, keepDaily: number | null, keepWeekly: number | null, keepMonthly: number | null, };

export type BackupState = { enabled: boolean, folder: string, everyDays: number, keepDaily: number, keepWeekly: number, keepMonthly: number, 
/**
 * The last backup that is good.
 */
lastGoodAt: string | null, 
/**
 * The last attempt, where there was one.
 */
last: BackupAttempt | null, 
/**
 * From when on the next one is made, at the first idle moment; none when they are off.
 */
nextAt: string | null, 
/**
 * One is being made.
 */
running: boolean, 
/**
 * A person should look: the last attempt failed, or the last good one is older than twice the interval.
 */
attention: boolean, };

export type BundleDone = { 
/**
 * The file that was written or read.
 */
path: string, 
/**
 * Exporting: submissions that went in. Relaying: submissions that were answered. Importing: submissions that
 * were settled.
 */
submissions: number, 
/**
 * Items of the platform: those that were fetched, or those that were taken in.
 */
changes: number, 
/**
 * Where the feed is followed from afterwards.
 */
cursor: string | null, 
/**
 * Importing and relaying: everything up to the relay is there.
 */
complete: boolean, };

export type BundleReq = { path: string | null, };

export type BundleState = { 
/**
 * The key is here that the institution's computers share; without it connect or sync once.
 */
ready: boolean, 
/**
 * Submissions that went out in a bundle and whose answers have not come back.
 */
exported: number, 
/**
 * The last bundle that was written.
 */
lastExport: BundleTrace | null, 
/**
 * The last bundle that was taken in.
 */
lastImport: BundleTrace | null, };

export type BundleTrace = { at: string, 
/**
 * The bundle's number among this profile's.
 */
seq: number, submissions: number, changes: number, };

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

export type Connection = { platform: string, url: string, institution: string, institutionName: string, user: string, userName: string, roles: Array<string>, 
/**
 * What these roles allow.
 */
may: Array<Act>, 
/**
 * Has credentials; after signing out, the data can be read and nothing is sent.
 */
signedIn: boolean, demo: boolean, };

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

export type DecisionLog = { decisions: Array<DecisionRow>, };

export type DecisionRow = { 
/**
 * What was done, for people.
 */
text: string, note: string, at: string, by: string, 
/**
 * Taken back.
 */
undone: boolean, };

export type DeliveriesReq = { 
/**
 * Narrows by delivery, order or express number, or supplier; blank is all.
 */
text: string, };

export type DeliveryDetail = { row: DeliveryRow, lines: Array<DeliveryLine>, 
/**
 * Earlier receipts of this delivery, whoever made them.
 */
receipts: Array<ReceiptOfDelivery>, draft: ReceiptDraft | null, 
/**
 * Colleagues at this computer who are receiving it too.
 */
alsoDrafting: Array<string>, 
/**
 * Submissions for this delivery, oldest first.
 */
submissions: Array<OutboxItem>, };

export type DeliveryLine = { id: string, orderLine: string | null, 
/**
 * Its place in the order.
 */
lineNo: number | null, product: string, spec: string, model: string, unit: string, mcsCode: string | null, delivered: string, 
/**
 * Received and rejected so far, in receipts that the platform has.
 */
received: string, rejected: string, 
/**
 * In receipts of this profile that the platform has not taken yet.
 */
waiting: string, 
/**
 * Delivered less all of that: what may still be received.
 */
left: string, lot: string, madeOn: string | null, expiresOn: string | null, shelf: ShelfLife, udi: string, };

export type DeliveryList = { 
/**
 * That have come first, then by their clock.
 */
rows: Array<DeliveryRow>, };

export type DeliveryReq = { id: string, };

export type DeliveryRow = { id: string, code: string, supplier: string, orderCode: string, dept: string, 
/**
 * Canonical state code: `WAITING` still on its way, `CONFIRMED` has come, `ACCEPTING` in parts.
 */
state: string, stateText: string, 
/**
 * Whether it can be received now.
 */
receivable: boolean, shippedAt: string, arrivedAt: string | null, carrier: string, expressNo: string, lines: number, urgent: boolean, 
/**
 * 配送时限 in natural hours, such as 4, 24 or 48, of the order line that falls due first.
 */
clockHours: number | null, 
/**
 * When that clock runs out.
 */
dueAt: string | null, 
/**
 * It came, or is still to come, after the clock had run out.
 */
late: boolean, 
/**
 * Of the clock, while the goods have not come.
 */
urgency: Urgency, 
/**
 * A receipt is queued or being sent.
 */
receiptWaiting: boolean, hasDraft: boolean, };

export type DemandReportList = { rows: Array<DemandReportRow>, };

export type DemandReportReq = { report: string, 
/**
 * A nought is an explicit answer; blank is none.
 */
demand: string, 
/**
 * Needed for a cut of more than 20 % against last year.
 */
explanation: string, 
/**
 * Adds up to the demand unless it is empty.
 */
departments: Array<DepartmentDemand>, };

export type DemandReportRow = { id: string, batch: string, variety: string, product: string, unit: string, lastYear: string, demand: string, explanation: string, departments: Array<DepartmentDemand>, deadline: string, 
/**
 * Canonical state code; `DRAFT` and `RETURNED` are the hospital's turn.
 */
state: string, stateText: string, returnReason: string, 
/**
 * Queued or being sent.
 */
waiting: boolean, };

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

export type DepartmentDemand = { dept: string, count: string, };

export type DifferenceKind = "quantityShort" | "quantityOver" | "priceDiffers" | "amountDiffers" | "codeDiffers" | "unitDiffers" | "lotDiffers" | "expiryDiffers" | "notOnPlatform" | "notInLedger" | "receivedTwice" | "invoicedMoreThanReceived" | "invoiceMissing" | "settledWithoutAcceptance" | "returnedStillInvoiced" | "wrongMonth" | "wrongSupplier";

export type DifferenceOwner = "procurement" | "store" | "finance" | "supplier";

export type Draft = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, editedAt: string, editedBy: string, };

export type DraftSaveReq = { notice: string, round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, };

export type DraftSaved = { editedAt: string, };

export type ErrorCode = "profileLocked" | "profileExists" | "wrongKey" | "passphraseLapsed" | "passphraseNeeded" | "recoveryCodeWrong" | "profileTooNew" | "profileDamaged" | "databaseMissing" | "keyFileDamaged" | "profileInUse" | "keyringAbsent" | "keyringLocked" | "keyMissing" | "diskFull" | "diskFailed" | "readOnly" | "notConnected" | "signInRefused" | "signInExpired" | "unreachable" | "timedOut" | "insecureConnection" | "clockWrong" | "maintenance" | "platformTooNew" | "platformAnswer" | "quotaUsed" | "forbidden" | "notPermitted" | "tooManyAttempts" | "otherInstitution" | "badAddress" | "plainHttp" | "notFound" | "wrongState" | "fieldRequired" | "fieldInvalid" | "moreThanLeft" | "attachmentTooLarge" | "attachmentUnreadable" | "attachmentRefused" | "viewGone" | "outsideCalendar" | "notABackup" | "backupDamaged" | "folderMissing" | "bundleKeyMissing" | "notABundle" | "bundleForeign" | "bundleDamaged" | "bundleTooNew" | "bundleOtherProfile" | "bundleNotRelayed" | "fileIsOther" | "fileUnreadable" | "ledgerNotATable" | "ledgerEmpty" | "ledgerPassword" | "ledgerDamaged" | "ledgerTooLarge" | "ledgerNoHeadings" | "ledgerNoQuantity" | "ledgerEncoding" | "ledgerQuote" | "ledgerChanged" | "periodMissing" | "periodSigned" | "dataChanged" | "cancelled" | "internal";

export type EvaluationList = { rows: Array<EvaluationRow>, };

export type EvaluationReq = { evaluation: string, 
/**
 * 1 to 5, in the order of the row's items.
 */
scores: Array<number>, 
/**
 * Needed with a score of 1 or 2.
 */
remarks: string, };

export type EvaluationRow = { id: string, period: string, 
/**
 * `manufacturer` or `distributor`.
 */
target: string, company: string, dueDate: string, overdue: boolean, 
/**
 * What is to be scored, in this order.
 */
items: Array<string>, 
/**
 * As made; empty while it is due.
 */
scores: Array<number>, remarks: string, made: boolean, 
/**
 * Queued or being sent.
 */
waiting: boolean, };

export type EvidenceLine = { label: string, value: string, orderLine: string | null, };

export type FieldComparison = { 
/**
 * The name in Chinese.
 */
field: string, 
/**
 * Each line's value, in the order of the lines.
 */
platform: Array<string>, ledger: Array<string>, mark: FieldMark, };

export type FieldMark = "agree" | "differ" | "absent";

export type FileWritten = { path: string, sha256: string, };

export type HitKind = "notice" | "product" | "org" | "order";

export type ImportProfile = { name: string, sheet: string, headings: Array<LedgerHeading>, editedAt: string, editedBy: string, };

export type ImportProfileFileReq = { name: string | null, path: string | null, };

export type ImportProfileReq = { name: string, };

export type ImportProfileSaveReq = { name: string, sheet: string, headings: Array<LedgerHeading>, };

export type ImportProfiles = { profiles: Array<ImportProfile>, };

export type ItemFiling = { 
/**
 * The submission's key in the outbox.
 */
submission: string, state: OutboxState, 
/**
 * The platform's text where it refused.
 */
errorText: string | null, };

export type ItemOrder = "amount" | "age";

export type ItemScope = "todo" | "differences" | "proposals" | "pairs" | "done" | "all";

export type ItemSort = "difference" | "proposal" | "pair";

export type ItemState = "open" | "waiting" | "filed" | "accepted";

export type KeyRotateReq = { passphrase: string | null, };

export type KindCount = { kind: DifferenceKind, text: string, open: number, done: number, amount: string, };

export type LabelFit = "otherLot" | "product" | "lot" | "same";

export type LearnedAlias = { alias: NameAlias, seen: number, };

export type LearnedFactor = { factor: UnitFactor, 
/**
 * Pairs that show it.
 */
seen: number, };

export type LedgerBatch = { batch: number, fileName: string, profile: string, rows: number, accepted: number, added: number, refused: number, from: string | null, to: string | null, importedAt: string, importedBy: string, 
/**
 * Undone as a whole.
 */
undoneAt: string | null, 
/**
 * Why it cannot be undone: the signed month that uses its lines.
 */
signedPeriod: string | null, };

export type LedgerBatchDetail = { batch: LedgerBatch, problems: Array<LedgerProblem>, };

export type LedgerBatchReq = { batch: number, };

export type LedgerBatches = { batches: Array<LedgerBatch>, };

export type LedgerColumn = { heading: string, field: LedgerField | null, 
/**
 * The first values below the heading.
 */
samples: Array<string>, };

export type LedgerDetectReq = { path: string | null, 
/**
 * A remembered profile; without one, that which fits the headings best.
 */
profile: string | null, sheet: string | null, 
/**
 * What the person says the headings mean; goes before the profile and what the headings say.
 */
headings: Array<LedgerHeading>, };

export type LedgerDetected = { path: string, fileName: string, 
/**
 * Of the file's bytes: the import refuses another content.
 */
sha256: string, 
/**
 * Such as `xlsx` or `GB18030`.
 */
format: string, sheet: string, otherSheets: Array<string>, 
/**
 * As a spreadsheet numbers rows.
 */
headingRow: number, 
/**
 * The remembered profile that was used.
 */
profile: string | null, columns: Array<LedgerColumn>, 
/**
 * Lines of the ledger; totals and notes are not counted.
 */
rows: number, accepted: number, refused: number, 
/**
 * Of the accepted, those that an earlier import brought already.
 */
known: number, 
/**
 * Of the accepted, those without a date: they belong to the month that is named with the import.
 */
undated: number, 
/**
 * First and last date.
 */
from: string | null, to: string | null, 
/**
 * Months with lines, `yyyy-MM`.
 */
periods: Array<string>, amount: string, 
/**
 * The first of them; `problem_count` says how many there are.
 */
problems: Array<LedgerProblem>, problemCount: number, skipped: Array<LedgerSkipped>, 
/**
 * The first lines, as they are understood.
 */
preview: Array<LedgerLine>, 
/**
 * The same bytes were imported as this batch.
 */
importedAs: number | null, };

export type LedgerFault = "missing" | "notANumber" | "outOfRange" | "notADate" | "noResult" | "damaged";

export type LedgerField = "order" | "orderLine" | "delivery" | "deliveryLine" | "receipt" | "invoice" | "nationalCode" | "udi" | "itemCode" | "name" | "spec" | "model" | "manufacturer" | "supplier" | "lot" | "serial" | "expiry" | "date" | "quantity" | "unit" | "price" | "amount" | "kind";

export type LedgerHeading = { heading: string, field: LedgerField | null, };

export type LedgerImportReq = { path: string, sha256: string, profile: string | null, sheet: string | null, headings: Array<LedgerHeading>, 
/**
 * The month of lines without a date, `yyyy-MM`.
 */
period: string | null, 
/**
 * Remember what the headings mean under this name.
 */
saveAs: string | null, };

export type LedgerImported = { 
/**
 * None where no line could be taken, or this very file was taken in before.
 */
batch: number | null, rows: number, accepted: number, added: number, known: number, refused: number, problems: Array<LedgerProblem>, periods: Array<string>, };

export type LedgerLine = { row: number, date: string | null, order: string, orderLine: string, code: string, name: string, spec: string, lot: string, quantity: string, unit: string, price: string | null, amount: string | null, supplier: string, isReturn: boolean, };

export type LedgerProblem = { 
/**
 * Data row, from 1.
 */
row: number, 
/**
 * Row as a spreadsheet shows it.
 */
sheetRow: number, column: string, value: string, fault: LedgerFault, 
/**
 * 原因, for people.
 */
reason: string, 
/**
 * The line was left out.
 */
refused: boolean, };

export type LedgerProgress = { running: boolean, 
/**
 * Lines so far.
 */
done: number, 
/**
 * 0 while it is not known.
 */
total: number, };

export type LedgerSide = "platform" | "ledger";

export type LedgerSkip = "total" | "heading" | "note";

export type LedgerSkipped = { row: number, sheetRow: number, what: LedgerSkip, };

export type LifeEvent = { kind: LifeKind, at: string, 
/**
 * Only a date is known.
 */
dateOnly: boolean, title: string, detail: string, state: string, stateText: string, quantity: string | null, amount: string | null, lot: string | null, expires: string | null, };

export type LifeKind = "ordered" | "responded" | "delivered" | "received" | "returned" | "invoiced" | "settled" | "paid";

export type LineGroup = { platform: Array<string>, ledger: Array<string>, };

export type LockCause = "byUser" | "idle" | "suspended" | "passphrase" | "keyringAbsent" | "keyringLocked" | "keyMissing" | "keyFile" | "databaseMissing" | "damaged" | "tooNew" | "inUse" | "readOnly" | "diskFull" | "diskFailed";

export type LockSettings = { 
/**
 * Minutes without a key or a pointer; 0 is never.
 */
idleMinutes: number, 
/**
 * Unlocking asks for something that a colleague does not know.
 */
secret: boolean, 
/**
 * Chosen by a person; else 15 where unlocking asks for something, and never where it does not.
 */
chosen: boolean, };

export type LockSettingsReq = { 
/**
 * 0 to 240.
 */
idleMinutes: number, };

export type LockedPerson = { id: string, name: string, };

export type NameAlias = { of: AliasOf, platform: string, ledger: string, };

export type Nothing = Record<symbol, never>;

export type NoticeDetail = { row: NoticeRow, body: string, ruleName: string, clause: string, indicatorId: string | null, returnReason: string, evidence: Array<EvidenceLine>, timeline: Array<TimelineEntry>, replies: Array<Reply>, draft: Draft | null, 
/**
 * Colleagues at this computer who have begun an answer too; each has a draft of his own.
 */
alsoDrafting: Array<string>, 
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

export type OffPlatformFiling = { goodsName: string, goodsSpec: string, unit: string, companyName: string, quantity: string, price: string, 
/**
 * Price times quantity.
 */
amount: string, purchaseDate: string, reason: string, responsible: string, };

export type OrderCancelReq = { 
/**
 * 订单明细 of one order; at least one.
 */
lines: Array<string>, 
/**
 * All of the order that can still be cancelled, not these lines alone.
 */
whole: boolean, reason: string, };

export type OrderCheck = { 
/**
 * In the draft's order.
 */
lines: Array<OrderLineCheck>, amount: string, 
/**
 * Nothing that the platform would refuse.
 */
sendable: boolean, };

export type OrderDraft = { 
/**
 * Made by the window (UUID); the draft's name for good.
 */
id: string, 
/**
 * 普通, 临时, 应急, 带量, 补录 or 备案.
 */
kind: string, dept: string, remarks: string, lines: Array<OrderDraftLine>, };

export type OrderDraftLine = { 
/**
 * 挂网产品.
 */
product: string, 
/**
 * 配送企业.
 */
supplier: string, quantity: string, price: string, agreement: string | null, 
/**
 * With orders of kind 补录 and 备案.
 */
filing: string | null, 
/**
 * The hospital's own key of the line; the platform takes each once.
 */
ownKey: string | null, };

export type OrderDraftReq = { id: string, };

export type OrderDrafts = { drafts: Array<OrderDraft>, };

export type OrderLineCheck = { 
/**
 * Empty where quantity or price can't be read.
 */
amount: string, 
/**
 * 现行挂网价.
 */
listedPrice: string | null, obstacles: Array<OrderObstacle>, };

export type OrderLineDetail = { row: OrderRow, 
/**
 * From order to payment, in time.
 */
life: Array<LifeEvent>, siblings: Array<OrderRow>, };

export type OrderLineReq = { id: string, };

export type OrderObstacle = { 
/**
 * Closed: see `sunbench_domain::purchase::order::Obstacle`; `quantity` and `price` are fields that can't be read.
 */
code: string, 
/**
 * The platform would refuse the line; otherwise the person decides.
 */
refusal: boolean, 
/**
 * For people.
 */
text: string, 
/**
 * The notice and clause behind it; may be empty.
 */
clause: string, };

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

export type OutboxState = "queued" | "sending" | "exported" | "accepted" | "refused" | "needsDecision" | "withdrawn";

export type PassphraseChangeReq = { old: string | null, new: string, };

export type People = { people: Array<PersonRow>, };

export type PeriodReq = { period: string, };

export type PeriodState = "empty" | "open" | "signed" | "adjusted";

export type PersonPassphraseRemoveReq = { current: string, };

export type PersonPassphraseReq = { current: string | null, passphrase: string, };

export type PersonRow = { 
/**
 * The sign-in name at the platform.
 */
user: string, name: string, roles: Array<string>, 
/**
 * The one whose name stands on what is done now.
 */
atWork: boolean, 
/**
 * Has credentials here; without, the platform is reached after signing in again.
 */
signedIn: boolean, 
/**
 * Unlocks with a passphrase of his own, without a network too.
 */
hasPassphrase: boolean, signedInAt: string, 
/**
 * Submissions in his name that have not been sent.
 */
waiting: number, };

export type PreferenceSetReq = { key: string, 
/**
 * None takes it away.
 */
value: string | null, };

export type Preferences = { values: { [key in string]: string }, };

export type ProfileCreateReq = { passphrase: string | null, };

export type ProfileCreated = { recoveryCode: string, };

export type ProfileRestoreReq = { file: string | null, recoveryCode: string | null, passphrase: string | null, };

export type ProfileRestored = { 
/**
 * When the backup was made.
 */
createdAt: string, 
/**
 * Names this life of the profile.
 */
epoch: string, 
/**
 * Submissions that wait.
 */
waiting: number, 
/**
 * Of these: may have been sent since the backup. The platform is asked before anything is sent again.
 */
uncertain: number, 
/**
 * Where the profile before is, where there was one.
 */
movedTo: string | null, };

export type ProfileStatus = "none" | "locked" | "open";

export type ProfileUnlockReq = { 
/**
 * Whose passphrase it is.
 */
person: string | null, passphrase: string | null, recoveryCode: string | null, };

export type QuarantineList = { records: Array<QuarantinedRecord>, };

export type QuarantinedRecord = { resource: string, id: string, field: string, reason: string, seenAt: string, };

export type ReceiptConfirmReq = { receipt: string, accepted: boolean, 
/**
 * Needed when it is not accepted.
 */
reason: string, };

export type ReceiptDraft = { lines: Array<ReceiptDraftLine>, editedAt: string, editedBy: string, };

export type ReceiptDraftLine = { 
/**
 * 配送明细.
 */
line: string, received: string, rejected: string, rejectReason: string, lot: string, expiresOn: string | null, udi: string, };

export type ReceiptDraftReq = { delivery: string, lines: Array<ReceiptDraftLine>, };

export type ReceiptOfDelivery = { id: string, code: string, state: string, stateText: string, operator: string, receivedAt: string, received: string, rejected: string, };

export type ReceiptReq = { delivery: string, };

export type ReconcileDetail = { row: ReconcileRow, platform: Array<ReconcileLine>, ledger: Array<ReconcileLine>, 
/**
 * Field by field, as they are listed.
 */
fields: Array<FieldComparison>, 
/**
 * Other items about the same lines.
 */
related: Array<ReconcileRow>, history: Array<DecisionRow>, 
/**
 * May be changed: the month is not signed.
 */
editable: boolean, };

export type ReconcileDone = { summary: ReconcileSummary, 
/**
 * How many items or lines it changed.
 */
changed: number, };

export type ReconcileFileReq = { period: string, item: string, draft: OffPlatformFiling, };

export type ReconcileItemReq = { period: string, item: string, };

export type ReconcileItemsReq = { period: string, items: Array<string>, };

export type ReconcileKnownReq = { period: string, addFactors: Array<UnitFactor>, addAliases: Array<NameAlias>, removeFactors: Array<UnitFactor>, removeAliases: Array<NameAlias>, };

export type ReconcileLearned = { factors: Array<LearnedFactor>, aliases: Array<LearnedAlias>, knownFactors: Array<UnitFactor>, knownAliases: Array<NameAlias>, };

export type ReconcileLine = { id: string, side: LedgerSide, 
/**
 * 收货, 退货, 发票, 结算.
 */
kindText: string, date: string | null, order: string, orderLine: string, delivery: string, invoice: string, code: string, name: string, spec: string, manufacturer: string, supplier: string, lot: string, expiry: string | null, quantity: string | null, unit: string, price: string | null, amount: string | null, 
/**
 * The platform's document, or the imported file and row.
 */
source: string, 
/**
 * In a pair.
 */
paired: boolean, 
/**
 * Dated in another month: it is here to be linked.
 */
otherMonth: boolean, };

export type ReconcileLines = { lines: Array<ReconcileLine>, total: number, };

export type ReconcileLinkReq = { period: string, groups: Array<LineGroup>, };

export type ReconcileMarkReq = { period: string, items: Array<string>, state: ItemState | null, owner: DifferenceOwner | null, note: string | null, };

export type ReconcilePage = { rows: Array<ReconcileRow>, };

export type ReconcilePageReq = { view: number, page: number, };

export type ReconcilePeriod = { period: string, state: PeriodState, ledgerLines: number, 
/**
 * As it was computed last; none before the first time.
 */
summary: ReconcileSummary | null, signedAt: string | null, signedBy: string | null, };

export type ReconcilePeriods = { 
/**
 * The newest first: every month with ledger lines, and the present one.
 */
periods: Array<ReconcilePeriod>, };

export type ReconcileReq = { period: string, scope: ItemScope, 
/**
 * None means all.
 */
kinds: Array<DifferenceKind>, states: Array<ItemState>, owners: Array<DifferenceOwner>, 
/**
 * Words of which each occurs in order, code, name, lot, supplier or note.
 */
text: string, order: ItemOrder, 
/**
 * Least amount, without its sign.
 */
leastAmount: string | null, 
/**
 * Least age in days.
 */
leastAge: number | null, };

export type ReconcileRow = { 
/**
 * Stable while the item is the same.
 */
item: string, sort: ItemSort, kind: DifferenceKind | null, kindText: string, state: ItemState, owner: DifferenceOwner | null, ownerText: string, 
/**
 * What closes it.
 */
actionText: string, note: string, 
/**
 * Right less left; of a pair, its ledger amount.
 */
amount: string, 
/**
 * Of the oldest line.
 */
date: string | null, ageDays: number, platformLines: number, ledgerLines: number, order: string, code: string, name: string, spec: string, lot: string, supplier: string, platformQuantity: string | null, ledgerQuantity: string | null, unit: string, 
/**
 * 1 to 5 by pass, 0 by hand; of a difference without a pair none.
 */
pass: number | null, 
/**
 * Why they are a pair or a proposal, for people.
 */
reason: string, 
/**
 * As an earlier month decided.
 */
remembered: Remembered | null, filing: ItemFiling | null, };

export type ReconcileSearchReq = { period: string, side: LedgerSide, 
/**
 * Words of which each occurs in the line; without any, the likeliest for `like`.
 */
text: string, 
/**
 * A line of the other side.
 */
like: string | null, 
/**
 * Lines in pairs too.
 */
paired: boolean, };

export type ReconcileSignReq = { period: string, 
/**
 * The digest that the person saw: other data refuse the signature.
 */
digest: string, note: string, };

export type ReconcileSummary = { period: string, state: PeriodState, platformLines: number, ledgerLines: number, platformAmount: string, ledgerAmount: string, 
/**
 * Ledger amount less platform amount.
 */
differenceAmount: string, pairs: number, 
/**
 * Pairs without a difference.
 */
cleanPairs: number, proposals: number, 
/**
 * Open or waiting.
 */
open: number, openAmount: string, 
/**
 * Accepted or filed.
 */
done: number, unmatchedPlatform: number, unmatchedLedger: number, kinds: Array<KindCount>, 
/**
 * Keys and codes in the ledger that a spreadsheet spoilt.
 */
damaged: number, 
/**
 * Lines of this month that another month's signed statement has settled.
 */
settledElsewhere: number, adjustments: number, 
/**
 * Of pairs, proposals, differences and decisions: equal digests mean equal results.
 */
digest: string, computedAt: string, 
/**
 * What undo would take back, for people.
 */
undo: string | null, };

export type ReconcileTolerances = { quantity: string, price: string, amount: string, days: number | null, };

export type ReconcileView = { view: number, summary: ReconcileSummary, total: number, amount: string, pageSize: number, first: Array<ReconcileRow>, };

export type Remembered = { period: string, state: ItemState, owner: DifferenceOwner | null, note: string, };

export type Reply = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, operator: string, submittedAt: string, 
/**
 * The submission's key: the proof of sending.
 */
clientKey: string, };

export type ReplyReq = { notice: string, round: number, };

export type ReturnReq = { 
/**
 * `goods` or `price`.
 */
kind: string, reason: string, lines: Array<ReturnReqLine>, };

export type ReturnReqLine = { orderLine: string, quantity: string, 
/**
 * The difference claimed back; of goods it is computed.
 */
amount: string | null, lot: string, };

export type Salvaged = { movedTo: string, rows: number, };

export type ScanFound = { 
/**
 * Whether the label can be read.
 */
valid: boolean, 
/**
 * Why it cannot, for people.
 */
reason: string | null, label: ScannedLabel | null, 
/**
 * Lines of open deliveries that it belongs to, the best first; several equally good ones are for the person.
 */
lines: Array<ScannedLine>, };

export type ScanReq = { 
/**
 * As the scanner typed it; FNC1 as ASCII 29 or one of the usual stand-ins.
 */
code: string, 
/**
 * Only of this delivery, where one is open.
 */
delivery: string | null, };

export type ScannedLabel = { 
/**
 * The form to store.
 */
udi: string, di: string, lot: string | null, expiresOn: string | null, serial: string | null, shelf: ShelfLife, };

export type ScannedLine = { delivery: string, deliveryCode: string, supplier: string, line: DeliveryLine, fit: LabelFit, };

export type SearchHit = { kind: HitKind, id: string, title: string, detail: string, };

export type SearchHits = { hits: Array<SearchHit>, };

export type SearchReq = { text: string, };

export type ShelfLife = "good" | "near" | "expired";

export type StateCount = { state: string, text: string, count: number, };

export type StatementFormat = "xlsx" | "pdf";

export type StatementInfo = { period: string, digest: string, signedAt: string, signedBy: string, note: string, summary: ReconcileSummary, adjustments: Array<AdjustmentRow>, };

export type StatementSaveReq = { period: string, format: StatementFormat, path: string | null, };

export type SupplyIssueCloseReq = { issue: string, };

export type SupplyIssueReq = { 
/**
 * `short`, `refusal`, `late` or `price`.
 */
kind: string, description: string, 
/**
 * 佐证明细: at least one; all of one product and one distributor.
 */
orderLines: Array<string>, 
/**
 * 受理机关, where one is chosen.
 */
office: string | null, attachments: Array<Attachment>, };

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
attention: number, waiting: number, backup: BackupState, };

export type UnitFactor = { code: string, unit: string, of: string, per: number, };

export type Urgency = "overdue" | "today" | "soon" | "later";

export type Verification = { integrity: boolean, auditChain: boolean, auditEntries: number, cursor: string | null, orphans: number, };

/** Every command: its request and its answer. */
export interface Commands {
  app_state: { request: Nothing; answer: AppState };
  profile_create: { request: ProfileCreateReq; answer: ProfileCreated };
  profile_unlock: { request: ProfileUnlockReq; answer: AppState };
  profile_lock: { request: Nothing; answer: AppState };
  profile_salvage: { request: Nothing; answer: Salvaged };
  activity: { request: Nothing; answer: Nothing };
  lock_settings: { request: Nothing; answer: LockSettings };
  lock_settings_set: { request: LockSettingsReq; answer: LockSettings };
  people: { request: Nothing; answer: People };
  person_passphrase_set: { request: PersonPassphraseReq; answer: People };
  person_passphrase_remove: { request: PersonPassphraseRemoveReq; answer: People };
  sign_out: { request: Nothing; answer: AppState };
  recovery_code_renew: { request: Nothing; answer: ProfileCreated };
  backup_now: { request: BackupNowReq; answer: BackupMade };
  backup_settings: { request: Nothing; answer: BackupState };
  backup_settings_set: { request: BackupSettingsReq; answer: BackupState };
  backups_list: { request: Nothing; answer: BackupList };
  profile_restore: { request: ProfileRestoreReq; answer: ProfileRestored };
  key_rotate: { request: KeyRotateReq; answer: ProfileCreated };
  passphrase_change: { request: PassphraseChangeReq; answer: AppState };
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
  deliveries: { request: DeliveriesReq; answer: DeliveryList };
  delivery: { request: DeliveryReq; answer: DeliveryDetail };
  delivery_scan: { request: ScanReq; answer: ScanFound };
  receipt_draft_save: { request: ReceiptDraftReq; answer: DraftSaved };
  receipt_submit: { request: ReceiptReq; answer: OutboxItem };
  receipt_confirm: { request: ReceiptConfirmReq; answer: OutboxItem };
  order_draft_save: { request: OrderDraft; answer: DraftSaved };
  order_drafts: { request: Nothing; answer: OrderDrafts };
  order_draft_remove: { request: OrderDraftReq; answer: OrderDrafts };
  order_check: { request: OrderDraft; answer: OrderCheck };
  order_submit: { request: OrderDraftReq; answer: OutboxItem };
  order_cancel: { request: OrderCancelReq; answer: OutboxItem };
  return_submit: { request: ReturnReq; answer: OutboxItem };
  supply_issue_submit: { request: SupplyIssueReq; answer: OutboxItem };
  supply_issue_close: { request: SupplyIssueCloseReq; answer: OutboxItem };
  evaluations: { request: Nothing; answer: EvaluationList };
  evaluation_submit: { request: EvaluationReq; answer: OutboxItem };
  demand_reports: { request: Nothing; answer: DemandReportList };
  demand_report_submit: { request: DemandReportReq; answer: OutboxItem };
  outbox_list: { request: OutboxReq; answer: OutboxList };
  outbox_withdraw: { request: OutboxKeyReq; answer: OutboxItem };
  outbox_resend: { request: OutboxKeyReq; answer: OutboxItem };
  bundle_state: { request: Nothing; answer: BundleState };
  bundle_export: { request: BundleReq; answer: BundleDone };
  bundle_relay: { request: BundleReq; answer: BundleDone };
  bundle_import: { request: BundleReq; answer: BundleDone };
  ledger_detect: { request: LedgerDetectReq; answer: LedgerDetected };
  ledger_import: { request: LedgerImportReq; answer: LedgerImported };
  ledger_progress: { request: Nothing; answer: LedgerProgress };
  ledger_cancel: { request: Nothing; answer: Nothing };
  ledger_batches: { request: Nothing; answer: LedgerBatches };
  ledger_batch: { request: LedgerBatchReq; answer: LedgerBatchDetail };
  ledger_undo: { request: LedgerBatchReq; answer: LedgerBatches };
  import_profiles: { request: Nothing; answer: ImportProfiles };
  import_profile_save: { request: ImportProfileSaveReq; answer: ImportProfiles };
  import_profile_remove: { request: ImportProfileReq; answer: ImportProfiles };
  import_profile_export: { request: ImportProfileFileReq; answer: FileWritten };
  import_profile_read: { request: ImportProfileFileReq; answer: ImportProfiles };
  reconcile_periods: { request: Nothing; answer: ReconcilePeriods };
  reconcile_open: { request: ReconcileReq; answer: ReconcileView };
  reconcile_page: { request: ReconcilePageReq; answer: ReconcilePage };
  reconcile_item: { request: ReconcileItemReq; answer: ReconcileDetail };
  reconcile_search: { request: ReconcileSearchReq; answer: ReconcileLines };
  reconcile_link: { request: ReconcileLinkReq; answer: ReconcileDone };
  reconcile_accept: { request: ReconcileItemsReq; answer: ReconcileDone };
  reconcile_unlink: { request: ReconcileItemsReq; answer: ReconcileDone };
  reconcile_mark: { request: ReconcileMarkReq; answer: ReconcileDone };
  reconcile_undo: { request: PeriodReq; answer: ReconcileDone };
  reconcile_decisions: { request: PeriodReq; answer: DecisionLog };
  reconcile_learned: { request: PeriodReq; answer: ReconcileLearned };
  reconcile_known: { request: ReconcileKnownReq; answer: ReconcileLearned };
  reconcile_tolerances: { request: Nothing; answer: ReconcileTolerances };
  reconcile_tolerances_set: { request: ReconcileTolerances; answer: ReconcileTolerances };
  reconcile_filing: { request: ReconcileItemReq; answer: OffPlatformFiling };
  reconcile_file: { request: ReconcileFileReq; answer: OutboxItem };
  reconcile_sign: { request: ReconcileSignReq; answer: StatementInfo };
  reconcile_statement: { request: PeriodReq; answer: StatementInfo };
  reconcile_save: { request: StatementSaveReq; answer: FileWritten };
  reconcile_show: { request: PeriodReq; answer: Nothing };
  code_check: { request: CodeCheckReq; answer: CodeCheckAnswer };
  preferences: { request: Nothing; answer: Preferences };
  preference_set: { request: PreferenceSetReq; answer: Preferences };
  attachment_inspect: { request: AttachmentFileReq; answer: AttachmentInfo };
  attachment_open: { request: AttachmentFileReq; answer: AttachmentInfo };
  attachment_save: { request: AttachmentFileReq; answer: AttachmentSaved };
  audit_page: { request: AuditReq; answer: AuditPage };
  audit_verify: { request: Nothing; answer: AuditState };
  audit_explain: { request: AuditExplainReq; answer: AuditAccount };
  audit_export: { request: Nothing; answer: AuditExported };
  verify: { request: Nothing; answer: Verification };
}
