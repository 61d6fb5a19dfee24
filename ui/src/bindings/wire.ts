// Made from crates/app by `cargo test -p sunbench-app bindings`; do not edit.

export type AbsenceRemoveReq = { id: number, };

export type AbsenceReq = { user: string, from: string, through: string, note: string, };

export type AbsenceRow = { id: number, user: string, name: string, 
/**
 * yyyy-MM-dd, both dates included.
 */
from: string, through: string, note: string, 
/**
 * It has begun.
 */
now: boolean, mayRemove: boolean, };

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
 * 代: the absent colleague in whose area it was done, by name where it is known.
 */
onBehalfOf: string | null, 
/**
 * The second person who approved it, by name where it is known.
 */
approvedBy: string | null, approvedAt: string | null, 
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

export type Act = "checkIn" | "draft" | "reply" | "receive" | "purchase" | "submissions" | "exchange" | "reconcile" | "signOff" | "govern" | "manage";

export type AdjustmentKind = "added" | "changed" | "removed";

export type AdjustmentRow = { kind: AdjustmentKind, line: ReconcileLine, 
/**
 * Ledger: plus; platform: minus. Nought for a change that is not in money.
 */
amount: string, };

export type AdjustmentState = "inForce" | "announced" | "superseded" | "notUnderstood";

export type AgreementBatch = { batch: string, startsOn: string, endsOn: string, 
/**
 * The nearest deadline of what is to be signed.
 */
signClock: DayClock | null, 
/**
 * To be signed, or disputed.
 */
toSign: number, 
/**
 * By variety.
 */
rows: Array<AgreementRow>, };

export type AgreementDisputeReq = { agreement: string, reason: string, };

export type AgreementList = { 
/**
 * Those with something to sign first, by their deadline; then the latest.
 */
batches: Array<AgreementBatch>, };

export type AgreementProgress = { scope: string, agreements: Array<string>, variety: string, maker: string, unit: string, done: string, agreed: string, relief: string, 
/**
 * 完成率: the bar.
 */
value: string | null, 
/**
 * 序时进度: the mark on the bar.
 */
schedule: string | null, level: string, startsOn: string, endsOn: string, 
/**
 * At the end of the cycle, at the present pace.
 */
cycleEnd: string | null, forecastDate: string | null, action: IndicatorAction | null, };

export type AgreementRow = { id: string, variety: string, productId: string, product: string, spec: string, maker: string, supplier: string, unit: string, agreed: string, 
/**
 * Ordered under it so far, without what came to nothing.
 */
ordered: string, startsOn: string, endsOn: string, signBy: string, 
/**
 * While it is to be signed (泉州 2024-05-30 二).
 */
signClock: DayClock | null, signedAt: string | null, disputeReason: string, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * It may be signed now, and disputed unless it is already.
 */
signable: boolean, disputable: boolean, 
/**
 * Queued or being sent.
 */
waiting: boolean, };

export type AgreementSignReq = { 
/**
 * At least one; each is sent by itself.
 */
agreements: Array<string>, };

export type AgreementsProgress = { asOf: string, ruleVersion: string, batches: Array<BatchProgress>, };

export type AliasOf = "supplier" | "product";

export type Analysis = { 
/**
 * The largest amounts first; months in their order.
 */
rows: Array<AnalysisRow>, lines: number, amount: string, 
/**
 * Rows beyond those shown, and their amount.
 */
more: number, moreAmount: string, };

export type AnalysisReq = { 
/**
 * `product`, `supplier`, `department`, `campus`, `category` or `month`.
 */
by: string, 
/**
 * yyyy-MM, both included.
 */
from: string, to: string, 
/**
 * Rows wanted; the others are summed.
 */
most: number, };

export type AnalysisRow = { key: string, name: string, lines: number, amount: string, 
/**
 * Of the whole.
 */
share: string | null, 
/**
 * The same months a year before.
 */
yearBefore: string, };

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

export type AppState = { version: string, profile: ProfileStatus, 
/**
 * Why it is locked; open, that it was found damaged.
 */
cause: LockCause | null, 
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

export type AreaDuty = { area: DutyArea, 
/**
 * He answers for it, stands in for the one who does, or nobody in particular does.
 */
mine: boolean, 
/**
 * Who answers for it today.
 */
responsible: string | null, 
/**
 * 代: the colleague whom he stands in for.
 */
covers: string | null, };

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

export type BatchProgress = { batch: string, 
/**
 * The mean of its agreements' progress, each with the same weight.
 */
value: string | null, schedule: string | null, behind: number, agreements: Array<AgreementProgress>, };

export type BillsReq = { 
/**
 * Part of the number, or a supplier's name, pinyin initials or code; blank is all.
 */
text: string, 
/**
 * One canonical state code; none is all.
 */
state: string | null, 
/**
 * `next` of the page before it; none is the first page.
 */
after: string | null, };

export type Board = { asOf: string, listedProducts: number, negotiations: number, contracts: number, 
/**
 * This year's, settled through the platform.
 */
settledAmount: string, 
/**
 * This year's, accepted.
 */
onlineAmount: string, 
/**
 * This year's.
 */
savings: string, warnings: number, serious: number, batches: Array<BatchProgress>, rates: Array<IndicatorRow>, rankings: Array<BoardRanking>, };

export type BoardRanking = { name: string, period: string, rank: number | null, of: number, value: string | null, };

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

export type Campus = { 
/**
 * Empty for a new one.
 */
id: string, name: string, 
/**
 * 申领科室, as orders name them.
 */
departments: Array<string>, };

export type Campuses = { campuses: Array<Campus>, 
/**
 * Departments of orders that belong to none.
 */
unplaced: Array<string>, maySet: boolean, };

export type CampusesReq = { campuses: Array<Campus>, };

export type CatalogueList = { 
/**
 * At most a hundred, by name.
 */
rows: Array<CatalogueRow>, 
/**
 * How many fit.
 */
total: number, next: string | null, };

export type CatalogueReq = { 
/**
 * Name, specification, model, code, registration or manufacturer; pinyin initials too. Words narrow one another;
 * blank is all.
 */
text: string, scope: CatalogueScope, 
/**
 * `next` of the page before it.
 */
after: string | null, };

export type CatalogueRow = { id: string, name: string, spec: string, model: string, mcsCode: string | null, unit: string, category: string, maker: string, 
/**
 * 采购类别: 带量, 阳光, 联盟 ….
 */
purchaseType: string, 
/**
 * 中选.
 */
selected: boolean, 
/**
 * 现行挂网价.
 */
price: string, 
/**
 * Not suspended.
 */
listed: boolean, codeMark: CodeMark, registration: string, registrationEndsOn: string | null, 
/**
 * Order lines that the hospital ever had of it.
 */
orderedLines: number, 
/**
 * The hospital's own items of it (院内编码).
 */
items: Array<string>, };

export type CatalogueScope = "all" | "ours" | "suspended" | "codeChanged" | "selected";

export type CheckIn = { state: CheckInState, at: string | null, 
/**
 * Working days of this month with a check-in, and working days so far.
 */
doneThisMonth: number, workingDaysSoFar: number, };

export type CheckInState = "notNeeded" | "missing" | "waiting" | "done";

export type CodeCheckAnswer = { kind: string, valid: boolean, normalized: string, parts: Array<CodePart>, reason: string | null, };

export type CodeCheckReq = { kind: string, value: string, };

export type CodeMark = "good" | "missing" | "replaced" | "disabled";

export type CodePart = { name: string, value: string, };

export type CodeStep = { 
/**
 * `recode` or `disable`.
 */
kind: string, oldCode: string, newCode: string | null, effectiveOn: string, reason: string, };

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

export type ContentField = { 
/**
 * As on the wire.
 */
field: string, value: string, 
/**
 * What a number stands for.
 */
meaning: string | null, };

export type ContentPart = { 
/**
 * The list's field; empty for the submission's own fields.
 */
list: string, 
/**
 * From 1; 0 for the submission's own fields.
 */
row: number, fields: Array<ContentField>, };

export type Continuity = { batch: string, 
/**
 * Days of usage that the need is taken from.
 */
usageDays: number, 
/**
 * By variety.
 */
rows: Array<ContinuityRow>, };

export type ContinuityReq = { batch: string, };

export type ContinuityRow = { product: string, variety: string, name: string, spec: string, maker: string, unit: string, startsOn: string, 
/**
 * Received less returned in those days.
 */
used: string, 
/**
 * As counted; none is not counted yet, and what follows from it is none too.
 */
stock: string | null, 
/**
 * Until the batch begins.
 */
needed: string, gap: string | null, leftOver: string | null, 
/**
 * The last day that the stock covers.
 */
lastsUntil: string | null, 
/**
 * 现行挂网价, and the one in force when the batch begins.
 */
price: string, priceThen: string, 
/**
 * 库存差价: what the rest is worth less then.
 */
loss: string | null, };

export type ContinuitySaveReq = { batch: string, 
/**
 * The whole count; products that are left out are not counted.
 */
stocks: Array<StockCount>, };

export type ContractList = { 
/**
 * Those to be signed first, then by their end.
 */
rows: Array<ContractRow>, };

export type ContractRow = { id: string, code: string, 
/**
 * `purchase` or `clean`.
 */
kind: string, supplierId: string, supplier: string, startsOn: string, endsOn: string, signedOn: string | null, 
/**
 * Calendar days from acceptance to payment; none in a clean-dealing contract.
 */
paymentDays: number | null, 
/**
 * Calendar days until its end; negative afterwards.
 */
daysLeft: number, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, signable: boolean, waiting: boolean, };

export type ContractSignReq = { contract: string, };

export type DayClock = { dueDate: string, 
/**
 * After today; 0 on the due date, negative when overdue.
 */
remainingWorkingDays: number, urgency: Urgency, 
/**
 * The holidays of that year are not published yet.
 */
provisional: boolean, };

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
text: string, 
/**
 * 院区, by its id; none is all.
 */
campus: string | null, };

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

export type DemandBatchCheck = { 
/**
 * Every row of the batch that is the hospital's turn, answered or not.
 */
rows: Array<DemandRowCheck>, 
/**
 * Without an answer; a nought is one.
 */
blank: number, 
/**
 * Cut by more than a fifth.
 */
cuts: number, sendable: boolean, };

export type DemandBatchReq = { batch: string, rows: Array<DemandReportReq>, };

export type DemandPrefill = { rows: Array<DemandSuggestion>, };

export type DemandPrefillReq = { batch: string, };

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

export type DemandRowCheck = { report: string, 
/**
 * More than 20 % below last year: to be explained.
 */
cut: boolean, 
/**
 * Against last year, in whole percent; none where there was nothing.
 */
changePercent: number | null, faults: Array<FieldFault>, };

export type DemandSource = "received" | "lastYear" | "nothing";

export type DemandSuggestion = { report: string, 
/**
 * None where there is no history at all.
 */
demand: string | null, source: DemandSource, 
/**
 * The days that were looked at, both included.
 */
from: string, to: string, 
/**
 * Of each department, adding up to the demand; empty where an order named none.
 */
departments: Array<DepartmentDemand>, };

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

export type DepartmentRequest = { id: string, dept: string, 
/**
 * As it was written.
 */
item: string, 
/**
 * 挂网产品, where it is known.
 */
product: string | null, productName: string, spec: string, quantity: string, unit: string, neededBy: string | null, note: string, state: RequestState, 
/**
 * The draft or the order it is in.
 */
order: string | null, enteredAt: string, enteredBy: string, };

export type DepartmentRequests = { 
/**
 * What is open first, by the day on which it is needed; then the newest.
 */
rows: Array<DepartmentRequest>, 
/**
 * How many are open.
 */
open: number, 
/**
 * The departments that ever asked.
 */
departments: Array<string>, };

export type DepartmentRequestsReq = { 
/**
 * Narrows by department, goods or note; blank is all.
 */
text: string, 
/**
 * Those that are open, drafted or came back.
 */
open: boolean, };

export type DifferenceKind = "quantityShort" | "quantityOver" | "priceDiffers" | "amountDiffers" | "codeDiffers" | "unitDiffers" | "lotDiffers" | "expiryDiffers" | "notOnPlatform" | "notInLedger" | "receivedTwice" | "invoicedMoreThanReceived" | "invoiceMissing" | "settledWithoutAcceptance" | "returnedStillInvoiced" | "wrongMonth" | "wrongSupplier";

export type DifferenceOwner = "procurement" | "store" | "finance" | "supplier";

export type DocumentStep = { kind: StepKind, at: string, 
/**
 * Only the date counts.
 */
dateOnly: boolean, by: string | null, 
/**
 * What was said; may be empty.
 */
text: string, };

export type Draft = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, editedAt: string, editedBy: string, };

export type DraftSaveReq = { notice: string, round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, };

export type DraftSaved = { editedAt: string, };

export type DutyArea = "notices" | "orders" | "receiving" | "filings" | "supply" | "billing" | "volume" | "reconcile";

export type DutyRow = { area: DutyArea, 
/**
 * A岗, by sign-in name.
 */
a: string | null, 
/**
 * B岗, by sign-in name.
 */
b: string | null, 
/**
 * Who answers for it today, by name; nobody in particular where it is absent.
 */
now: string | null, 
/**
 * That is the deputy.
 */
standsIn: boolean, };

export type DutySetReq = { area: DutyArea, a: string | null, b: string | null, };

export type ErrorCode = "profileLocked" | "profileExists" | "wrongKey" | "passphraseLapsed" | "passphraseNeeded" | "recoveryCodeWrong" | "profileTooNew" | "profileDamaged" | "databaseMissing" | "keyFileDamaged" | "profileInUse" | "keyringAbsent" | "keyringLocked" | "keyMissing" | "diskFull" | "diskFailed" | "readOnly" | "notConnected" | "signInRefused" | "signInExpired" | "unreachable" | "timedOut" | "insecureConnection" | "clockWrong" | "maintenance" | "platformTooNew" | "platformAnswer" | "quotaUsed" | "forbidden" | "notPermitted" | "needsTwoPeople" | "ownWork" | "tooManyAttempts" | "otherInstitution" | "badAddress" | "plainHttp" | "notFound" | "wrongState" | "fieldRequired" | "fieldInvalid" | "moreThanLeft" | "attachmentTooLarge" | "attachmentUnreadable" | "attachmentRefused" | "viewGone" | "outsideCalendar" | "indicatorsCounting" | "notABackup" | "backupDamaged" | "folderMissing" | "bundleKeyMissing" | "notABundle" | "bundleForeign" | "bundleDamaged" | "bundleTooNew" | "bundleOtherProfile" | "bundleNotRelayed" | "fileIsOther" | "fileUnreadable" | "insideProfile" | "notRegularFile" | "ledgerNotATable" | "ledgerEmpty" | "ledgerPassword" | "ledgerDamaged" | "ledgerTooLarge" | "ledgerNoHeadings" | "ledgerNoQuantity" | "ledgerEncoding" | "ledgerQuote" | "ledgerChanged" | "periodMissing" | "periodSigned" | "dataChanged" | "cancelled" | "internal";

export type Escalation = "noReply" | "promiseTooLate" | "promiseBroken";

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

export type ExemptionRemoveReq = { exemption: number, };

export type ExemptionReq = { 
/**
 * `reserve-supplier`, `cheaper-equal-product`, `clinical-need`.
 */
kind: string, agreement: string | null, product: string | null, 
/**
 * 备供企业; none: who makes the product.
 */
maker: string | null, 
/**
 * 减免数量, for a changed clinical need.
 */
relief: string, from: string, through: string, reason: string, evidence: string, };

export type ExemptionRow = { exemption: number, kind: string, agreement: string | null, product: string | null, maker: string | null, relief: string, from: string, through: string, reason: string, evidence: string, recordedAt: string, recordedBy: string, 
/**
 * What it concerns, by name.
 */
subject: string, 
/**
 * Of the relieved quantity.
 */
unit: string, 
/**
 * Whether the pack grants it for consumables; else it changes nothing.
 */
isGranted: boolean, };

export type Exemptions = { rows: Array<ExemptionRow>, };

export type FieldComparison = { 
/**
 * The name in Chinese.
 */
field: string, 
/**
 * Each line's value, in the order of the lines.
 */
platform: Array<string>, ledger: Array<string>, mark: FieldMark, };

export type FieldFault = { 
/**
 * As in the request.
 */
field: string, code: ErrorCode, };

export type FieldMark = "agree" | "differ" | "absent";

export type FileWritten = { path: string, sha256: string, };

export type FilingCheck = { 
/**
 * 单价 × 数量, rounded half up to the fen; blank where they can't be read.
 */
amount: string, 
/**
 * What stands in the way, in the order of the form.
 */
faults: Array<FieldFault>, };

export type FilingDetail = { row: FilingRow, mcsCode: string, product: string | null, attachments: Array<Attachment>, steps: Array<DocumentStep>, 
/**
 * To be corrected, where it is the hospital's turn: the person's own draft, else what the platform refused last, else
 * what stands there.
 */
correction: FilingDraft | null, submissions: Array<OutboxItem>, };

export type FilingDraft = { 
/**
 * Made by the window (UUID); the draft's name for good.
 */
id: string, 
/**
 * The filing that was returned, or is a draft at the platform, and is submitted again.
 */
filing: string | null, 
/**
 * 挂网产品, where it is one.
 */
product: string | null, goodsName: string, goodsSpec: string, unit: string, 
/**
 * 供货企业.
 */
company: string, 
/**
 * 国家医保耗材编码; may be empty.
 */
mcsCode: string, quantity: string, price: string, purchaseDate: string, 
/**
 * 线下采购原因.
 */
reason: string, 
/**
 * 责任人: who negotiates and buys answers for it (阜新 2020-06-30 二).
 */
responsible: string, 
/**
 * Needed of a product that is not listed.
 */
attachments: Array<Attachment>, 
/**
 * The hospital's own key of the purchase, kept as it comes; absent in a new draft.
 */
ownKey: string | null, };

export type FilingDraftReq = { id: string, };

export type FilingDrafts = { drafts: Array<FilingDraft>, };

export type FilingList = { 
/**
 * Those that came back first, then drafts, then the newest.
 */
rows: Array<FilingRow>, 
/**
 * From here, and the platform does not have them, or refused them.
 */
pending: Array<OutboxItem>, 
/**
 * The person's own, unsent; those that the platform refused are given back among them.
 */
drafts: Array<FilingDraft>, };

export type FilingReq = { filing: string, };

export type FilingRow = { id: string, code: string, goodsName: string, goodsSpec: string, unit: string, company: string, 
/**
 * Not a listed product (未入库产品).
 */
unlisted: boolean, quantity: string, price: string, amount: string, purchaseDate: string, reason: string, responsible: string, submittedAt: string | null, operator: string, 
/**
 * The order line that it was linked to.
 */
orderLine: string | null, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, returnReason: string, 
/**
 * It came back, or is a draft: the hospital's turn.
 */
ours: boolean, 
/**
 * Queued or being sent again.
 */
waiting: boolean, };

export type FilingsReq = { 
/**
 * Narrows by number, goods, company, reason or responsible person; blank is all.
 */
text: string, 
/**
 * Canonical state codes; none means all.
 */
states: Array<string>, };

export type HitKind = "notice" | "product" | "org" | "order";

export type HospitalItemList = { 
/**
 * At most a hundred; those of most ledger lines first.
 */
rows: Array<HospitalItemRow>, next: string | null, total: number, 
/**
 * Of all items, whatever is asked for.
 */
unlinked: number, };

export type HospitalItemReq = { item: string, };

export type HospitalItemRow = { 
/**
 * 院内编码, or name and specification where there is none: names the item in requests.
 */
item: string, code: string, name: string, spec: string, unit: string, maker: string, 
/**
 * As the ledger has it; may be empty.
 */
mcsCode: string, 
/**
 * Ledger lines with it.
 */
lines: number, source: HospitalItemSource, 
/**
 * What it is linked to.
 */
product: string | null, productName: string | null, 
/**
 * One unit of the item is `factor_num / factor_den` of the product's unit.
 */
factorNum: number, factorDen: number, };

export type HospitalItemScope = "all" | "unlinked" | "linked";

export type HospitalItemSource = "platform" | "person" | "nobody";

export type HospitalItemsReq = { 
/**
 * Narrows by code, name, specification or manufacturer; blank is all.
 */
text: string, scope: HospitalItemScope, 
/**
 * `next` of the page before it.
 */
after: string | null, };

export type ImportProfile = { name: string, sheet: string, headings: Array<LedgerHeading>, editedAt: string, editedBy: string, };

export type ImportProfileFileReq = { name: string | null, path: string | null, };

export type ImportProfileReq = { name: string, };

export type ImportProfileSaveReq = { name: string, sheet: string, headings: Array<LedgerHeading>, };

export type ImportProfiles = { profiles: Array<ImportProfile>, };

export type IndicatorAction = { 
/**
 * `order`, `improve`, `refrain`, `pay`, `file`, `answer`, `check-in`, `evaluate`, `explain`.
 */
kind: string, amount: string, what: string, unit: string, before: string, 
/**
 * The sentence for people.
 */
text: string, };

export type IndicatorCause = { cause: string, lines: number, amount: string, };

export type IndicatorLines = { rows: Array<OrderRow>, 
/**
 * Settlements, notices, evaluations, reports, filings, days: where the result counts those.
 */
records: Array<IndicatorRecord>, next: string | null, };

export type IndicatorLinesReq = { id: string, scope: string, asOf: string | null, pack: string | null, 
/**
 * Where the page before ended.
 */
after: string | null, };

export type IndicatorList = { asOf: string, pack: string, packName: string, ruleVersion: string, rows: Array<IndicatorRow>, 
/**
 * Adjustments that the platform pushed and that this version does not understand.
 */
notApplied: number, 
/**
 * Lines whose unit has no known relation to the product's: they are in no quantity.
 */
unknownUnits: number, };

export type IndicatorRecord = { kind: string, id: string, title: string, detail: string, on: string, 
/**
 * It counts above the line.
 */
counts: boolean, };

export type IndicatorRow = { id: string, name: string, 
/**
 * `hospital`, `agreement:…`, `variety:…`, `report:…`, `period:…`.
 */
scope: string, scopeText: string, 
/**
 * None is shown as "—".
 */
value: string | null, 
/**
 * Whether the value is a fraction, to be shown as per cent.
 */
isRate: boolean, numerator: string, denominator: string, 
/**
 * `count`, `quantity`, `amount`, `seconds`, `share`.
 */
basis: string, 
/**
 * Left out by exemptions, in the basis.
 */
exempted: string, 
/**
 * The amount concerned, where the formula knows one.
 */
amount: string | null, 
/**
 * What that is made up of; one line may have several causes.
 */
causes: Array<IndicatorCause>, 
/**
 * The warning's limit.
 */
threshold: string | null, 
/**
 * `at-least`: below it is bad; `at-most`: above it.
 */
direction: string, 
/**
 * `normal`, `notice`, `warning`, `serious`.
 */
level: string, from: string, through: string, 
/**
 * When the next worse limit is expected to be passed.
 */
forecastDate: string | null, forecastLevel: string | null, monthEnd: string | null, quarterEnd: string | null, cycleEnd: string | null, action: IndicatorAction | null, 
/**
 * 依据: title and number of the notice.
 */
source: string, clause: string, ruleVersion: string, 
/**
 * Whether [`IndicatorLinesReq`] finds order lines behind it.
 */
hasLines: boolean, };

export type IndicatorsReq = { 
/**
 * As it stood at the end of this day; today where it is not said.
 */
asOf: string | null, 
/**
 * Another pack than the institution's own.
 */
pack: string | null, };

export type InvoiceDetail = { row: InvoiceRow, lines: Array<InvoiceLineRow>, 
/**
 * What stands against it; those of a line name its place in `lines`.
 */
faults: Array<InvoiceFinding>, 
/**
 * Nothing that the platform would refuse.
 */
acceptable: boolean, 
/**
 * Red letters that offset it, or the invoice that it offsets.
 */
related: Array<InvoiceRow>, 
/**
 * The settlement that it is in.
 */
settlement: string | null, refuseReason: string, submissions: Array<OutboxItem>, };

export type InvoiceFinding = { 
/**
 * See `sunbench_domain::purchase::invoice::InvoiceFault`.
 */
code: string, 
/**
 * The platform would refuse to verify it; otherwise the person decides.
 */
refusal: boolean, 
/**
 * For people.
 */
text: string, 
/**
 * Place in `lines`, from 0.
 */
line: number | null, };

export type InvoiceLineRow = { orderLine: string, orderCode: string, lineNo: number, product: string, spec: string, unit: string, 
/**
 * 采购单价; none where the order line is not here.
 */
price: string | null, quantity: string, amount: string, received: string, returned: string, 
/**
 * By other verified and paid invoices, red letters taken off.
 */
billed: string, };

export type InvoiceList = { 
/**
 * At most a hundred.
 */
rows: Array<InvoiceRow>, next: string | null, 
/**
 * Of all invoices, whatever is asked for.
 */
states: Array<StateCount>, };

export type InvoiceReq = { id: string, };

export type InvoiceRow = { id: string, 
/**
 * 全电发票号码: twenty digits, text.
 */
number: string, 
/**
 * `blue` 蓝字, `red` 红字.
 */
kind: string, supplierId: string, supplier: string, invoicedOn: string, amount: string, tax: string, 
/**
 * Of a red letter: the number of the invoice that it offsets.
 */
redOf: string | null, 
/**
 * 两票制: the manufacturer's invoice to the distributor; may be empty.
 */
upstreamNumber: string, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * It waits for the hospital's verification.
 */
ours: boolean, 
/**
 * Queued or being sent.
 */
waiting: boolean, };

export type InvoiceVerifyReq = { invoice: string, 
/**
 * Otherwise it goes back to the company.
 */
accepted: boolean, 
/**
 * Needed when it goes back.
 */
reason: string, };

export type ItemFiling = { 
/**
 * The submission's key in the outbox.
 */
submission: string, state: OutboxState, 
/**
 * The platform's text where it refused.
 */
errorText: string | null, };

export type ItemLinkReq = { item: string, product: string, 
/**
 * One unit of the item is `factor_num / factor_den` of the product's unit; both at least 1.
 */
factorNum: number, factorDen: number, };

export type ItemOrder = "amount" | "age";

export type ItemScope = "todo" | "differences" | "proposals" | "pairs" | "done" | "all";

export type ItemSort = "difference" | "proposal" | "pair";

export type ItemState = "open" | "waiting" | "filed" | "accepted";

export type ItemSuggestion = { product: string, name: string, spec: string, model: string, mcsCode: string | null, maker: string, unit: string, 
/**
 * 现行挂网价.
 */
price: string, listed: boolean, 
/**
 * 0 to 100.
 */
score: number, 
/**
 * What speaks for it, for people.
 */
reasons: Array<string>, };

export type ItemSuggestions = { row: HospitalItemRow, 
/**
 * At most ten, the likeliest first.
 */
products: Array<ItemSuggestion>, };

export type KeyRotateReq = { passphrase: string | null, };

export type KindCount = { kind: DifferenceKind, text: string, open: number, done: number, amount: string, 
/**
 * Of those that are open.
 */
openAmount: string, };

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

export type ListPrice = { list: string, 
/**
 * `volume` 集采中选, `linkage` 价格联动.
 */
kind: string, effectiveAt: string, 
/**
 * Stock bought at the old price may be used until then.
 */
transitionEndsOn: string, oldPrice: string, price: string, inForce: boolean, };

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

export type NegotiationDecideReq = { negotiation: string, agreed: boolean, 
/**
 * Needed when it is not agreed.
 */
reason: string, };

export type NegotiationDetail = { row: NegotiationRow, steps: Array<DocumentStep>, 
/**
 * Earlier and later ones about the same product, the newest first.
 */
others: Array<NegotiationRow>, submissions: Array<OutboxItem>, };

export type NegotiationInviteReq = { 
/**
 * 挂网产品; a listed one that was not selected, with no negotiation open.
 */
product: string, 
/**
 * Below the listed price in force.
 */
targetPrice: string, remarks: string, };

export type NegotiationList = { 
/**
 * Those that wait for the hospital first, then by the company's clock, then the newest.
 */
rows: Array<NegotiationRow>, 
/**
 * Invitations from here that the platform does not have, or refused.
 */
pending: Array<OutboxItem>, };

export type NegotiationReq = { negotiation: string, };

export type NegotiationRow = { id: string, productId: string, product: string, spec: string, unit: string, maker: string, 
/**
 * 现价 when it was invited.
 */
price: string, targetPrice: string, answerPrice: string | null, invitedAt: string, 
/**
 * The company's five working days (深医保发〔2022〕19号 四(五)); while it has not answered.
 */
clock: DayClock | null, answeredAt: string | null, remarks: string, 
/**
 * Why it was agreed or has failed.
 */
conclusion: string, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * The company has answered: the hospital decides.
 */
ours: boolean, 
/**
 * A decision is queued or being sent.
 */
waiting: boolean, };

export type NegotiationsReq = { 
/**
 * Narrows by product, specification or manufacturer; blank is all.
 */
text: string, 
/**
 * Only those that wait for the company or for the hospital.
 */
open: boolean, };

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

export type NoticeList = { rows: Array<NoticeRow>, 
/**
 * Whose the notices are today.
 */
duty: AreaDuty, };

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
 * An answer is on its way: it awaits review, is queued or being sent.
 */
replyWaiting: boolean, 
/**
 * It waits for a second person.
 */
replyInReview: boolean, 
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
ownKey: string | null, 
/**
 * 科室申请 that the line was gathered from.
 */
requests: Array<string>, };

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
life: Array<LifeEvent>, siblings: Array<OrderRow>, 
/**
 * 科室申请 behind the line, such as 骨科 3、ICU 2; empty where there is none.
 */
requestedBy: string, orderId: string, };

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

export type OrderRow = { id: string, orderCode: string, lineNo: number, 
/**
 * 挂网产品, to order it again.
 */
productId: string, product: string, spec: string, model: string, mcsCode: string | null, maker: string, supplierId: string, supplier: string, unit: string, quantity: string, price: string, amount: string, kind: string, state: string, stateText: string, 
/**
 * The platform says late, or its delivery clock has run out.
 */
late: boolean, urgent: boolean, submittedAt: string, deliveryDueAt: string | null, delivered: string, received: string, returned: string, dept: string, };

export type OrderTemplate = { id: string, name: string, 
/**
 * What a new order begins with; its own name is blank.
 */
order: OrderDraft, 
/**
 * The goods of the first lines, for people.
 */
goods: string, savedAt: string, savedBy: string, };

export type OrderTemplateReq = { id: string, };

export type OrderTemplateSaveReq = { 
/**
 * None makes a new one; the name is no other's.
 */
id: string | null, name: string, 
/**
 * None only changes the name.
 */
order: OrderDraft | null, };

export type OrderTemplates = { 
/**
 * By name.
 */
rows: Array<OrderTemplate>, };

export type OrdersPageReq = { view: number, page: number, };

export type OrdersReq = { text: string, 
/**
 * Canonical state codes; none means all.
 */
states: Array<string>, from: string | null, to: string | null, 
/**
 * 院区, by its id; none is all.
 */
campus: string | null, };

export type OrdersView = { view: number, total: number, 
/**
 * The sum of the lines, where it is known at once.
 */
amount: string | null, pageSize: number, first: Array<OrderRow>, states: Array<StateCount>, };

export type OrgChoice = { id: string, name: string, };

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
 * Their names, where they are known here.
 */
actorName: string, 
/**
 * 代: the absent colleague in whose area it was written.
 */
onBehalfOf: string | null, 
/**
 * The second person, once he has decided.
 */
reviewer: string | null, reviewedAt: string | null, 
/**
 * Why the second person returned it.
 */
reviewReason: string | null, 
/**
 * Written by the person at work.
 */
own: boolean, 
/**
 * The lines that the platform refused by themselves.
 */
refused: Array<RefusedLine>, 
/**
 * It took the other lines, and nobody has seen to the refused ones yet.
 */
isPartial: boolean, 
/**
 * The files that were sent with it.
 */
files: Array<Attachment>, 
/**
 * What the platform holds instead, where a colleague was faster.
 */
other: OtherVersion | null, };

export type OutboxItems = { items: Array<OutboxItem>, };

export type OutboxKeyReq = { key: string, };

export type OutboxList = { items: Array<OutboxItem>, waiting: number, attention: number, review: ReviewCounts, 
/**
 * For the next page, where there is one.
 */
before: number | null, };

export type OutboxReq = { 
/**
 * Items before this one, for the next page.
 */
before: number | null, };

export type OutboxState = "queued" | "sending" | "exported" | "accepted" | "refused" | "needsDecision" | "withdrawn" | "awaitingReview" | "returned";

export type PaperKind = "registration" | "contract" | "relation" | "certificate";

export type PaperList = { 
/**
 * By their end.
 */
rows: Array<PaperRow>, };

export type PaperRow = { kind: PaperKind, 
/**
 * The product, the contract, the relation or the certificate.
 */
id: string, title: string, 
/**
 * Its number, or whose goods may be delivered.
 */
detail: string, endsOn: string, 
/**
 * Calendar days; negative afterwards.
 */
daysLeft: number, 
/**
 * 30, 15 or 7: the reminder that has come; 0 once it has ended.
 */
stage: number, };

export type PassphraseChangeReq = { old: string | null, new: string, };

export type PaymentList = { 
/**
 * Settlements that are not paid, the most overdue first.
 */
rows: Array<SettlementRow>, 
/**
 * Sum and number of those past their day.
 */
overdue: number, overdueAmount: string, 
/**
 * Sum and number of those due within thirty days.
 */
soon: number, soonAmount: string, };

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

export type PolicyAdjustment = { id: string, version: number, indicator: string, 
/**
 * The indicator's name; its id where the pack has none such.
 */
name: string, 
/**
 * Such as `threshold.warning`.
 */
parameter: string, value: string, effectiveAt: string, source: string, clause: string, state: AdjustmentState, };

export type PolicyDeadline = { id: string, name: string, amount: number, 
/**
 * `working-day`, `natural-hour`, `calendar-day`.
 */
unit: string, 
/**
 * What it runs from, such as `notice-issued`.
 */
trigger: string, source: string, clause: string, };

export type PolicyExemption = { kind: string, 
/**
 * For consumables; a notice may grant it for drugs alone.
 */
isGranted: boolean, source: string, clause: string, };

export type PolicyIndicator = { id: string, name: string, 
/**
 * `cycle`, `month`, `quarter`, `year`, `90 days`, `7 months`.
 */
window: string, 
/**
 * `at-least` or `at-most`: which side of the limits is good.
 */
direction: string, 
/**
 * What the limits are stated in: `percent`, `hours`, `yuan`.
 */
unit: string, notice: string | null, warning: string | null, serious: string | null, 
/**
 * The platform's adjustments made it what it is.
 */
isAdjusted: boolean, source: string, clause: string, };

export type PolicyPack = { id: string, name: string, 
/**
 * Rises with each edition.
 */
version: number, 
/**
 * The pack that it builds on, which holds outside its validity.
 */
extends: string | null, validFrom: string, validTo: string | null, 
/**
 * Comes with the program; else from the profile's folder `policies`.
 */
isBuiltIn: boolean, };

export type PolicyPackReq = { 
/**
 * None: the institution's own.
 */
pack: string | null, };

export type PolicyPacks = { 
/**
 * The one in use.
 */
pack: string, 
/**
 * The institution's own, in use unless a person chose another.
 */
own: string, packs: Array<PolicyPack>, 
/**
 * Files of the profile that no rule is taken from.
 */
unreadable: Array<UnreadablePack>, };

export type PolicyRules = { pack: PolicyPack, 
/**
 * The one whose rules hold today: the pack, or what it extends outside its validity.
 */
inForce: string, 
/**
 * Such as `quanzhou-2024/1+3`.
 */
ruleVersion: string, sources: Array<PolicySource>, deadlines: Array<PolicyDeadline>, 
/**
 * With the adjustments in force.
 */
indicators: Array<PolicyIndicator>, exemptions: Array<PolicyExemption>, 
/**
 * The platform's, the latest first.
 */
adjustments: Array<PolicyAdjustment>, };

export type PolicySource = { title: string, 
/**
 * 文号.
 */
number: string | null, date: string, };

export type PreferenceSetReq = { key: string, 
/**
 * None takes it away.
 */
value: string | null, };

export type Preferences = { values: { [key in string]: string }, };

export type PriceListReq = { list: string, };

export type PriceListRow = { id: string, name: string, 
/**
 * `volume` 集采中选, `linkage` 价格联动.
 */
kind: string, batch: string | null, effectiveAt: string, 
/**
 * The last day on which stock bought at the old price may be used.
 */
transitionEndsOn: string, state: PriceListState, products: number, };

export type PriceListState = "announced" | "transition" | "closed";

export type PriceLists = { 
/**
 * The latest first.
 */
rows: Array<PriceListRow>, };

export type PriceTransition = { list: PriceListRow, 
/**
 * Days of usage that the need is taken from.
 */
usageDays: number, 
/**
 * What the hospital bought; until the transition ends, at the list's old and new price.
 */
rows: Array<ContinuityRow>, };

export type PriceTransitionSaveReq = { list: string, 
/**
 * The whole count; products that are left out are not counted.
 */
stocks: Array<StockCount>, };

export type PrintKind = "acceptanceSlip" | "officeLetter" | "supplierLetter" | "surgeReport" | "transferSlip" | "noticeReply";

export type PrintReq = { kind: PrintKind, id: string, 
/**
 * 文号 of a letter; may be empty.
 */
number: string, 
/**
 * 主送 of a letter to an office: its name; blank is the office that the problem was told.
 */
addressee: string, 
/**
 * What a letter asks for; blank takes the usual words.
 */
text: string, 
/**
 * Where to write it, for scripts; the window asks the person.
 */
path: string | null, };

export type ProductAgreement = { id: string, batch: string, supplier: string, agreed: string, ordered: string, startsOn: string, endsOn: string, stateText: string, };

export type ProductDetail = { row: CatalogueRow, udiDi: string | null, 
/**
 * The newest first.
 */
prices: Array<ListPrice>, codes: Array<CodeStep>, 
/**
 * Who may deliver it today.
 */
suppliers: Array<ProductSupplier>, agreements: Array<ProductAgreement>, items: Array<ProductItem>, 
/**
 * The last twenty orders of it, the newest first.
 */
orders: Array<ProductOrder>, 
/**
 * 非中选产品限价, where the platform states one.
 */
priceCap: string | null, 
/**
 * 组套: what it is assembled from; empty of a single product.
 */
parts: Array<ProductPart>, 
/**
 * A company may be invited to lower its price: listed, not selected, no negotiation open.
 */
negotiable: boolean, };

export type ProductItem = { code: string, name: string, unit: string, 
/**
 * One hospital unit is `factor_num / factor_den` of the product's unit.
 */
factorNum: number, factorDen: number, };

export type ProductOrder = { orderLine: string, orderCode: string, submittedAt: string, quantity: string, price: string, supplier: string, stateText: string, };

export type ProductPart = { id: string, name: string, spec: string, unit: string, 
/**
 * 现行挂网价.
 */
price: string, };

export type ProductReq = { product: string, };

export type ProductSupplier = { id: string, name: string, 
/**
 * End of the delivery relation.
 */
ends: DayClock, };

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

export type ReceiptDraft = { lines: Array<ReceiptDraftLine>, attachments: Array<Attachment>, editedAt: string, editedBy: string, };

export type ReceiptDraftLine = { 
/**
 * 配送明细.
 */
line: string, received: string, rejected: string, rejectReason: string, lot: string, expiresOn: string | null, udi: string, };

export type ReceiptDraftReq = { delivery: string, lines: Array<ReceiptDraftLine>, 
/**
 * Photos and papers of the goods, attached before.
 */
attachments: Array<Attachment>, };

export type ReceiptOfDelivery = { id: string, code: string, state: string, stateText: string, operator: string, receivedAt: string, received: string, rejected: string, attachments: Array<Attachment>, };

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

export type RefusedLine = { 
/**
 * Its place in what was sent, from 1.
 */
line: number, 
/**
 * The goods; empty where they are not known here.
 */
what: string, quantity: string, unit: string, 
/**
 * The platform's code.
 */
code: string, 
/**
 * For people, in the platform's words.
 */
reason: string, };

export type Remembered = { period: string, state: ItemState, owner: DifferenceOwner | null, note: string, };

export type Reply = { round: number, cause: string, measures: string, finishBy: string | null, responsible: string, attachments: Array<Attachment>, operator: string, submittedAt: string, 
/**
 * The submission's key: the proof of sending.
 */
clientKey: string, };

export type ReplyReq = { notice: string, round: number, };

export type RequestEntry = { 
/**
 * None is a new one.
 */
id: string | null, dept: string, item: string, product: string | null, quantity: string, unit: string, neededBy: string | null, note: string, };

export type RequestLeft = { id: string, item: string, reason: string, };

export type RequestRemoveReq = { id: string, };

export type RequestState = "open" | "drafted" | "ordered" | "cameBack";

export type RequestsGatherReq = { 
/**
 * Open ones with a product; empty is all of these.
 */
ids: Array<string>, };

export type RequestsGathered = { drafts: Array<OrderDraft>, 
/**
 * Requests that are in none, with the reason.
 */
left: Array<RequestLeft>, };

export type RequestsSaveReq = { rows: Array<RequestEntry>, };

export type ReturnDetail = { row: ReturnRow, lines: Array<ReturnLineRow>, steps: Array<DocumentStep>, };

export type ReturnDetailReq = { id: string, };

export type ReturnLineRow = { orderLine: string, orderCode: string, lineNo: number, product: string, spec: string, unit: string, quantity: string, amount: string, lot: string, };

export type ReturnList = { 
/**
 * At most a hundred.
 */
rows: Array<ReturnRow>, 
/**
 * For the next page, where there is one.
 */
next: string | null, 
/**
 * Of all returns, whatever is asked for.
 */
states: Array<StateCount>, 
/**
 * From here, and the platform does not have them, or refused them. With the first page.
 */
pending: Array<OutboxItem>, };

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

export type ReturnRow = { id: string, code: string, 
/**
 * `goods` 退货, `price` 退价差.
 */
kind: string, supplierId: string, supplier: string, returnedAt: string, reason: string, 
/**
 * Why the company refused it; may be empty.
 */
refuseReason: string, amount: string, lines: number, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, };

export type Returnable = { 
/**
 * In the request's order, without lines that are not here.
 */
rows: Array<ReturnableLine>, 
/**
 * They are all of one distributor: one return may hold them.
 */
oneSupplier: boolean, };

export type ReturnableLine = { orderLine: string, product: string, spec: string, unit: string, supplier: string, price: string, received: string, 
/**
 * Gone back, or on its way at the company or in the outbox.
 */
returned: string, 
/**
 * Received less all of that.
 */
left: string, lots: Array<ReturnableLot>, };

export type ReturnableLot = { lot: string, received: string, };

export type ReturnableReq = { orderLines: Array<string>, };

export type ReviewBar = "notAwaited" | "ownWork" | "notPermitted";

export type ReviewCounts = { 
/**
 * 待我复核.
 */
toReview: number, 
/**
 * His own that await somebody else.
 */
awaiting: number, 
/**
 * His own that came back.
 */
returned: number, };

export type ReviewReturnReq = { key: string, reason: string, };

export type ReviewRule = { 
/**
 * As on the wire, such as `notice.reply`.
 */
kind: string, required: boolean, since: string | null, by: string | null, 
/**
 * Names of those whose roles allow the review.
 */
reviewers: Array<string>, 
/**
 * Somebody could approve what another wrote.
 */
secondPerson: boolean, 
/**
 * Submissions that await one.
 */
waiting: number, };

export type ReviewRuleReq = { kind: string, required: boolean, };

export type ReviewRules = { kinds: Array<ReviewRule>, 
/**
 * People who signed in with this profile.
 */
people: number, maySet: boolean, };

export type ReviewSubject = { item: OutboxItem, parts: Array<ContentPart>, 
/**
 * The payload as it goes out, byte for byte.
 */
body: string, 
/**
 * Why the person at work does not decide.
 */
bar: ReviewBar | null, };

export type Roster = { areas: Array<DutyRow>, 
/**
 * Those that have not ended, the earliest first.
 */
absences: Array<AbsenceRow>, maySet: boolean, 
/**
 * The sign-in name of the person at work.
 */
me: string, };

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

export type SelfCheck = { quarter: string, list: IndicatorList, 
/**
 * What HA 二(九) names: weak execution, low delivery, lagging progress, high non-selected share, substitutes.
 */
findings: Array<SelfCheckFinding>, };

export type SelfCheckFinding = { title: string, detail: string, level: string, };

export type SelfCheckReq = { 
/**
 * Such as `2026Q3`.
 */
quarter: string, pack: string | null, };

export type SelfCheckSaveReq = { quarter: string, pack: string | null, format: StatementFormat, path: string | null, };

export type SettlementCandidate = { supplierId: string, supplier: string, 
/**
 * yyyy-MM of the invoices.
 */
period: string, amount: string, 
/**
 * When the first of the goods was accepted.
 */
acceptedOn: string | null, 
/**
 * Calendar days from acceptance to payment in the purchase contract; 30 where none states any.
 */
paymentDays: number, 
/**
 * Acceptance and those days (阜新 2020-06-30 三(二)).
 */
payBy: DayClock | null, invoices: Array<InvoiceRow>, 
/**
 * A settlement of these is queued or being sent.
 */
waiting: boolean, };

export type SettlementCandidates = { 
/**
 * One for each distributor and month, those to be paid first at the top.
 */
groups: Array<SettlementCandidate>, };

export type SettlementConfirmReq = { settlement: string, 
/**
 * Otherwise it is disputed.
 */
accepted: boolean, 
/**
 * Needed with a dispute.
 */
reason: string, };

export type SettlementCreateReq = { 
/**
 * A draft at the platform; a new settlement when absent.
 */
settlement: string | null, 
/**
 * `hospital` or `fund`.
 */
kind: string, 
/**
 * yyyy-MM.
 */
period: string, 
/**
 * Verified, in no other settlement, all of one distributor; at least one.
 */
invoices: Array<string>, };

export type SettlementDetail = { row: SettlementRow, invoices: Array<InvoiceRow>, steps: Array<DocumentStep>, submissions: Array<OutboxItem>, };

export type SettlementList = { 
/**
 * At most a hundred.
 */
rows: Array<SettlementRow>, next: string | null, 
/**
 * Of all settlements, whatever is asked for.
 */
states: Array<StateCount>, 
/**
 * From here, and the platform does not have them, or refused them. With the first page.
 */
pending: Array<OutboxItem>, };

export type SettlementReq = { id: string, };

export type SettlementRow = { id: string, code: string, 
/**
 * `hospital` 医院结算, `fund` 医保基金直接结算.
 */
kind: string, supplierId: string, supplier: string, 
/**
 * yyyy-MM.
 */
period: string, amount: string, invoices: number, dueOn: string, 
/**
 * While it is not paid.
 */
dueClock: DayClock | null, paidAt: string | null, createdAt: string, disputeReason: string, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * It is being reconciled, or a draft: the hospital's turn.
 */
ours: boolean, waiting: boolean, };

export type ShelfLife = "good" | "near" | "expired";

export type StateCount = { state: string, text: string, count: number, };

export type StatementFormat = "xlsx" | "pdf";

export type StatementInfo = { period: string, digest: string, signedAt: string, signedBy: string, note: string, summary: ReconcileSummary, adjustments: Array<AdjustmentRow>, };

export type StatementSaveReq = { period: string, format: StatementFormat, path: string | null, };

export type StepKind = "reported" | "replied" | "promised" | "verified" | "unfounded" | "resolved" | "invited" | "answered" | "refused" | "expired" | "agreed" | "failed" | "submitted" | "approved" | "returned" | "linked" | "signed" | "disputed" | "confirmed" | "invoiced" | "paid" | "letter";

export type StockCount = { product: string, stock: string, };

export type SupplyEvidence = { orderLine: string, 
/**
 * What follows is blank where the line is not here.
 */
orderCode: string, lineNo: number, quantity: string, delivered: string, received: string, unit: string, submittedAt: string, deliveryDueAt: string | null, state: string, stateText: string, 
/**
 * The platform says late, or the delivery clock ran out.
 */
late: boolean, };

export type SupplyIssueCloseReq = { issue: string, };

export type SupplyIssueDetail = { row: SupplyIssueRow, 
/**
 * The company's answer; may be empty.
 */
reply: string, promisedDate: string | null, 
/**
 * 佐证明细.
 */
evidence: Array<SupplyEvidence>, attachments: Array<Attachment>, steps: Array<DocumentStep>, 
/**
 * About its closing, oldest first.
 */
submissions: Array<OutboxItem>, };

export type SupplyIssueDetailReq = { issue: string, };

export type SupplyIssueList = { 
/**
 * Open ones first, by their nearest clock; then the newest.
 */
rows: Array<SupplyIssueRow>, 
/**
 * Told here, not yet at the platform or refused by it.
 */
pending: Array<OutboxItem>, 
/**
 * 受理机关 that a problem may be told.
 */
offices: Array<OrgChoice>, };

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

export type SupplyIssueRow = { id: string, code: string, 
/**
 * `short`, `refusal`, `late` or `price`; another one of a later platform.
 */
kind: string, productId: string, product: string, spec: string, maker: string, supplierId: string, supplier: string, description: string, reportedAt: string, 
/**
 * Canonical state code, empty where this version does not know it.
 */
state: string, stateText: string, 
/**
 * Neither resolved nor unfounded.
 */
open: boolean, 
/**
 * The company's two working days; while it has not answered.
 */
replyClock: DayClock | null, 
/**
 * The promised day, or the fifth working day after the answer where none was named; until it is settled.
 */
promiseClock: DayClock | null, 
/**
 * The clock that has run out, where one has: write to the office.
 */
escalation: Escalation | null, 
/**
 * 受理机关.
 */
office: string | null, 
/**
 * 已核实: its purchases of the reserve supplier count as selected (泉州 2024-05-30 五).
 */
verified: boolean, 
/**
 * The hospital may close it now.
 */
closable: boolean, 
/**
 * Its closing is queued or being sent.
 */
waiting: boolean, };

export type SupplyIssuesReq = { 
/**
 * Narrows by number, product, specification, supplier or description; blank is all.
 */
text: string, 
/**
 * Only those that are not settled.
 */
open: boolean, };

export type SurgeReport = { 
/**
 * Of the goods that depart from what is usual; the greatest multiple first.
 */
rows: Array<SurgeRow>, 
/**
 * An organisation of kind `office` that it may go to.
 */
offices: Array<string>, };

export type SurgeReq = { 
/**
 * An order that is being written or waits, by its draft's name, or one that the platform has, by its id.
 */
order: string, };

export type SurgeRow = { product: string, name: string, spec: string, unit: string, quantity: string, 
/**
 * The median line of the year before.
 */
usual: string, 
/**
 * The greatest one.
 */
most: string, 
/**
 * Lines of the year before, and what they add up to.
 */
lines: number, year: string, 
/**
 * Of the last thirty days.
 */
month: string, 
/**
 * The quantity in hundredths of the usual one.
 */
percent: number, };

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
orderLine: string | null, 
/**
 * The delivery of a receipt.
 */
delivery: string | null, };

export type TaskGroup = { kind: TaskKind, area: DutyArea, total: number, 
/**
 * At most twenty, the nearest first.
 */
tasks: Array<Task>, };

export type TaskKind = "deliveryClock" | "delivery" | "receipt" | "payment" | "supplyIssue" | "negotiation" | "filing" | "agreement" | "contract" | "demand" | "evaluation" | "invoice" | "settlement" | "paper";

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
notices: Array<NoticeRow>, 
/**
 * Whose each area is today.
 */
duties: Array<AreaDuty>, groups: Array<TaskGroup>, 
/**
 * Submissions that need a person.
 */
attention: number, waiting: number, review: ReviewCounts, backup: BackupState, };

export type Transfer = { id: string, 
/**
 * 调入; else 调出.
 */
incoming: boolean, 
/**
 * The other hospital.
 */
other: string, product: string | null, name: string, spec: string, unit: string, quantity: string, lot: string, expiresOn: string | null, reason: string, movedOn: string, handledBy: string, attachments: Array<Attachment>, recordedAt: string, recordedBy: string, };

export type TransferReq = { id: string, };

export type TransferSaveReq = { 
/**
 * None is a new one.
 */
id: string | null, incoming: boolean, other: string, product: string | null, name: string, spec: string, unit: string, quantity: string, lot: string, expiresOn: string | null, reason: string, movedOn: string, handledBy: string, attachments: Array<Attachment>, };

export type Transfers = { 
/**
 * The newest first.
 */
rows: Array<Transfer>, 
/**
 * Hospitals that goods went to or came from.
 */
hospitals: Array<string>, };

export type TransfersReq = { 
/**
 * Narrows by goods, hospital, lot or reason; blank is all.
 */
text: string, };

export type UnitFactor = { code: string, unit: string, of: string, per: number, };

export type UnreadablePack = { file: string, 
/**
 * File, key and reason in Chinese.
 */
text: string, 
/**
 * The same in English.
 */
textEn: string, };

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
  order_refused_take: { request: OutboxKeyReq; answer: OrderDraft };
  order_templates: { request: Nothing; answer: OrderTemplates };
  order_template_save: { request: OrderTemplateSaveReq; answer: OrderTemplates };
  order_template_remove: { request: OrderTemplateReq; answer: OrderTemplates };
  department_requests: { request: DepartmentRequestsReq; answer: DepartmentRequests };
  requests_save: { request: RequestsSaveReq; answer: DepartmentRequests };
  request_remove: { request: RequestRemoveReq; answer: DepartmentRequests };
  requests_gather: { request: RequestsGatherReq; answer: RequestsGathered };
  surge_report: { request: SurgeReq; answer: SurgeReport };
  transfers: { request: TransfersReq; answer: Transfers };
  transfer_save: { request: TransferSaveReq; answer: Transfer };
  transfer_remove: { request: TransferReq; answer: Transfers };
  returns: { request: BillsReq; answer: ReturnList };
  return_detail: { request: ReturnDetailReq; answer: ReturnDetail };
  returnable: { request: ReturnableReq; answer: Returnable };
  return_submit: { request: ReturnReq; answer: OutboxItem };
  supply_issues: { request: SupplyIssuesReq; answer: SupplyIssueList };
  supply_issue: { request: SupplyIssueDetailReq; answer: SupplyIssueDetail };
  supply_issue_submit: { request: SupplyIssueReq; answer: OutboxItem };
  supply_issue_close: { request: SupplyIssueCloseReq; answer: OutboxItem };
  negotiations: { request: NegotiationsReq; answer: NegotiationList };
  negotiation: { request: NegotiationReq; answer: NegotiationDetail };
  negotiation_invite: { request: NegotiationInviteReq; answer: OutboxItem };
  negotiation_decide: { request: NegotiationDecideReq; answer: OutboxItem };
  filings: { request: FilingsReq; answer: FilingList };
  filing: { request: FilingReq; answer: FilingDetail };
  filing_check: { request: FilingDraft; answer: FilingCheck };
  filing_draft_save: { request: FilingDraft; answer: DraftSaved };
  filing_drafts: { request: Nothing; answer: FilingDrafts };
  filing_draft_remove: { request: FilingDraftReq; answer: FilingDrafts };
  filing_submit: { request: FilingDraftReq; answer: OutboxItem };
  agreements: { request: Nothing; answer: AgreementList };
  agreement_sign: { request: AgreementSignReq; answer: OutboxItems };
  agreement_dispute: { request: AgreementDisputeReq; answer: OutboxItem };
  contracts: { request: Nothing; answer: ContractList };
  contract_sign: { request: ContractSignReq; answer: OutboxItem };
  invoices: { request: BillsReq; answer: InvoiceList };
  invoice: { request: InvoiceReq; answer: InvoiceDetail };
  invoice_verify: { request: InvoiceVerifyReq; answer: OutboxItem };
  settlements: { request: BillsReq; answer: SettlementList };
  settlement: { request: SettlementReq; answer: SettlementDetail };
  settlement_candidates: { request: Nothing; answer: SettlementCandidates };
  settlement_create: { request: SettlementCreateReq; answer: OutboxItem };
  settlement_confirm: { request: SettlementConfirmReq; answer: OutboxItem };
  payments: { request: Nothing; answer: PaymentList };
  catalogue: { request: CatalogueReq; answer: CatalogueList };
  product: { request: ProductReq; answer: ProductDetail };
  print_save: { request: PrintReq; answer: FileWritten };
  print_show: { request: PrintReq; answer: Nothing };
  items: { request: HospitalItemsReq; answer: HospitalItemList };
  item_suggestions: { request: HospitalItemReq; answer: ItemSuggestions };
  item_link: { request: ItemLinkReq; answer: HospitalItemRow };
  item_unlink: { request: HospitalItemReq; answer: HospitalItemRow };
  continuity: { request: ContinuityReq; answer: Continuity };
  continuity_save: { request: ContinuitySaveReq; answer: DraftSaved };
  price_lists: { request: Nothing; answer: PriceLists };
  price_transition: { request: PriceListReq; answer: PriceTransition };
  price_transition_save: { request: PriceTransitionSaveReq; answer: DraftSaved };
  papers: { request: Nothing; answer: PaperList };
  evaluations: { request: Nothing; answer: EvaluationList };
  evaluation_submit: { request: EvaluationReq; answer: OutboxItem };
  demand_reports: { request: Nothing; answer: DemandReportList };
  demand_report_submit: { request: DemandReportReq; answer: OutboxItem };
  demand_prefill: { request: DemandPrefillReq; answer: DemandPrefill };
  demand_batch_check: { request: DemandBatchReq; answer: DemandBatchCheck };
  demand_batch_submit: { request: DemandBatchReq; answer: OutboxItems };
  outbox_list: { request: OutboxReq; answer: OutboxList };
  outbox_withdraw: { request: OutboxKeyReq; answer: OutboxItem };
  outbox_resend: { request: OutboxKeyReq; answer: OutboxItem };
  outbox_acknowledge: { request: OutboxKeyReq; answer: OutboxItem };
  review_rules: { request: Nothing; answer: ReviewRules };
  review_rule_set: { request: ReviewRuleReq; answer: ReviewRules };
  review_subject: { request: OutboxKeyReq; answer: ReviewSubject };
  review_approve: { request: OutboxKeyReq; answer: OutboxItem };
  review_return: { request: ReviewReturnReq; answer: OutboxItem };
  roster: { request: Nothing; answer: Roster };
  duty_set: { request: DutySetReq; answer: Roster };
  absence_add: { request: AbsenceReq; answer: Roster };
  absence_remove: { request: AbsenceRemoveReq; answer: Roster };
  campuses: { request: Nothing; answer: Campuses };
  campuses_set: { request: CampusesReq; answer: Campuses };
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
  indicators: { request: IndicatorsReq; answer: IndicatorList };
  indicator_lines: { request: IndicatorLinesReq; answer: IndicatorLines };
  agreements_progress: { request: IndicatorsReq; answer: AgreementsProgress };
  board: { request: Nothing; answer: Board };
  analysis: { request: AnalysisReq; answer: Analysis };
  self_check: { request: SelfCheckReq; answer: SelfCheck };
  self_check_save: { request: SelfCheckSaveReq; answer: FileWritten };
  exemptions: { request: Nothing; answer: Exemptions };
  exemption_add: { request: ExemptionReq; answer: Exemptions };
  exemption_remove: { request: ExemptionRemoveReq; answer: Exemptions };
  policy_packs: { request: Nothing; answer: PolicyPacks };
  policy_pack_set: { request: PolicyPackReq; answer: PolicyPacks };
  policy_rules: { request: PolicyPackReq; answer: PolicyRules };
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
