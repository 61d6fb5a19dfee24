import type {
  ApiError,
  AppState,
  Commands,
  Connection,
  Draft,
  ErrorCode,
  LockCause,
  OutboxItem,
  SyncStatus,
  Today,
} from "@/bindings/wire";
import { agreementAnswers } from "./agreements";
import { beijing, runningClock, type Clock } from "./clock";
import { dayOf } from "./calendar";
import { codeAnswer } from "./codes";
import { continuityAnswers } from "./continuity";
import { demandAnswers } from "./demand";
import { evaluationAnswers } from "./evaluations";
import { filingAnswers } from "./filings";
import { indicatorAnswers } from "./indicators";
import { Ledgers } from "./ledger";
import { detailOf, rowOf, seedNotices, type NoticeSeed } from "./notices";
import { orderDetail, seedOrders, stateCounts } from "./orders";
import { Outbox, sha256 } from "./outbox";
import { attendanceOf, CONNECTION, NAME, taskGroups } from "./people";
import { Billing } from "./billing";
import { Ordering } from "./ordering";
import { Purchase } from "./purchase";
import { policyAnswers } from "./policies";
import { Receiving } from "./receiving";
import { Reconciliation } from "./reconcile";
import { paperAnswers } from "./papers";
import { recordAnswers } from "./records";
import { seedDrafts, seedReviews, seedSubmissions } from "./submissions";
import { Safety } from "./safety";
import { supplyAnswers } from "./supply";
import { SCENARIOS, type Scenario, type Start } from "./scenarios";
import { Teamwork } from "./teamwork";

export type Answers = {
  [C in keyof Commands]: (
    request: Commands[C]["request"],
  ) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};

export type Emit = (event: "data-changed" | "sync-status" | "app-state", payload: unknown) => void;

const START = "2026-11-20T09:12:00+08:00";
const PAGE = 100;
const LARGEST_ATTACHMENT = 20 * 1024 * 1024;
const RECOVERY = "000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GA-WF9Y0";
/** What opens the invented profile. */
export const PASSPHRASE = "sunbench-demo";

const fail = (code: ErrorCode, field: string | null = null): never => {
  throw { code, field, incident: null } satisfies ApiError;
};
const plain = (typed: string) => typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0");

/** Every command over an invented office in memory. Changes work: drafts, replies, the pulled cable. */
export function fakeBackend(
  scenario: Scenario,
  emit: Emit,
  options: { start?: string | undefined; orders?: number | undefined } = {},
): Answers {
  const begin: Start = SCENARIOS[scenario];
  const clock: Clock = runningClock(options.start ?? begin.start ?? START);
  const notices: NoticeSeed[] = begin.empty ? [] : seedNotices();
  const orders = seedOrders(options.orders);
  const views = new Map<number, typeof orders>();
  const drafts = new Map<string, Draft>(begin.empty ? [] : seedDrafts());
  const files = new Map<string, string>();
  const preferences = new Map<string, string>();
  const now = clock.now();

  let profile: AppState["profile"] = begin.profile ?? (begin.lock ? "locked" : "open");
  let cause: LockCause | null = begin.lock ?? null;
  let passphrase: string | null = begin.lock === "passphrase" ? PASSPHRASE : null;
  let connection: Connection | null =
    profile === "none" || begin.connected === false
      ? null
      : begin.viewer
        ? { ...CONNECTION, roles: ["viewer"], may: ["checkIn"] }
        : CONNECTION;
  let online = begin.online ?? true;
  let paused = false;
  let checkedInAt: string | null =
    connection && online && !begin.notCheckedIn ? `${now.slice(0, 10)}T08:02:17+08:00` : null;
  let checkInWaiting = connection !== null && !online;
  let lastSync: string | null = connection ? now : null;
  let lastView = 0;

  const outbox = new Outbox(
    clock,
    () => online && connection !== null && !paused,
    () => changed(),
    begin.empty ? [] : [...seedSubmissions(), ...(begin.office ? seedReviews() : [])],
  );
  const teamwork = new Teamwork(clock, outbox, begin.alone === true, begin.office === true);
  outbox.isReviewed = (kind) => teamwork.isReviewed(kind);

  const safety = new Safety(
    clock,
    () => connection && { user: connection.user, name: connection.userName, signedIn: connection.signedIn },
    () => outbox.count("queued", "sending"),
  );
  const reconciliation = new Reconciliation(clock, outbox, fail, begin.empty === true);
  const billing = new Billing(clock, outbox, orders, fail, begin.empty === true);
  const purchase = new Purchase(clock, outbox, orders, fail, begin.empty === true);
  const ordering = new Ordering(clock, purchase, outbox, fail, begin.empty === true);
  const receiving = new Receiving(clock, outbox, fail, begin.empty === true);
  const ledgers = new Ledgers(clock, reconciliation, fail);
  const PEOPLE = [
    { id: CONNECTION.user, name: NAME },
    { id: "liuyang", name: "刘洋" },
  ];
  if (begin.people) for (const { id } of PEOPLE) safety.passphrases.set(id, PASSPHRASE);

  function syncStatus(): SyncStatus {
    const phase: SyncStatus["phase"] =
      connection === null
        ? "notConnected"
        : !connection.signedIn
          ? "signInNeeded"
          : paused
            ? "paused"
            : !online
              ? "offline"
              : outbox.count("sending") > 0
                ? "syncing"
                : "upToDate";
    return {
      phase,
      error: phase === "offline" ? "unreachable" : null,
      done: 0,
      total: 0,
      lastSync,
      retryAt: phase === "offline" ? beijing(Date.parse(clock.now()) + 90_000) : null,
      waiting: outbox.count("queued", "sending"),
      attention: outbox.count("refused", "needsDecision"),
      quarantined: 1,
      received: 214,
      applied: 12,
      unchanged: 201,
      clockOffsetS: 3,
    };
  }

  function appState(): AppState {
    return {
      version: "0.1.0",
      profile,
      cause,
      hasPassphrase: passphrase !== null,
      connection: profile === "open" ? connection : null,
      demo:
        profile === "open" && connection?.demo
          ? {
              online,
              console: "http://127.0.0.1:18080/console",
              supervisor: "jiandu",
              supervisorPassword: "jiandu-2026",
            }
          : null,
      people: PEOPLE.filter(({ id }) => safety.passphrases.has(id)),
      retryAfterS: safety.retryAfterS(),
      folder: "C:\\Users\\周敏\\AppData\\Roaming\\Sunbench\\profile",
    };
  }

  function changed(): void {
    if (online && connection) lastSync = clock.now();
    emit("sync-status", syncStatus());
    emit("data-changed", null);
  }

  function open(): AppState {
    profile = "open";
    cause = null;
    return appState();
  }

  function notice(id: string): NoticeSeed {
    return notices.find((seed) => seed.id === id) ?? fail("notFound");
  }

  const waits = (seed: NoticeSeed) =>
    outbox.of(seed.id).some(({ state }) => ["queued", "sending", "awaitingReview"].includes(state));
  const row = (seed: NoticeSeed) =>
    rowOf(seed, clock, {
      replyWaiting: waits(seed),
      replyInReview: outbox.of(seed.id).some(({ state }) => state === "awaitingReview"),
      hasDraft: drafts.get(seed.id)?.round === seed.round,
    });
  const openRows = () =>
    notices
      .map(row)
      .filter((one) => one.open)
      .sort((a, b) => a.deadline.dueAt.localeCompare(b.deadline.dueAt));

  function checkIn(): void {
    if (!dayOf(clock.today()).working) return;
    if (online) checkedInAt ??= clock.now();
    else checkInWaiting = checkedInAt === null;
  }

  function item(key: string): OutboxItem {
    return outbox.find(key) ?? fail("notFound");
  }

  function connected(): void {
    if (profile !== "open") fail("profileLocked");
  }

  function todayNow(): Today {
    connected();
    const date = clock.today();
    const day = dayOf(date);
    const month = attendanceOf(date.slice(0, 7), date, checkedInAt !== null, checkInWaiting);
    const soFar = month.days.filter((one) => one.working && one.date <= date);
    const at = (minutes: number) => beijing(Date.parse(clock.now()) + minutes * 60_000);
    return {
      date,
      now: clock.now(),
      workingDay: day.working,
      dayName: day.name,
      checkIn: {
        state: !day.working ? "notNeeded" : checkedInAt ? "done" : checkInWaiting ? "waiting" : "missing",
        at: day.working ? checkedInAt : null,
        doneThisMonth: soFar.filter((one) => one.checkedIn).length,
        workingDaysSoFar: soFar.length,
      },
      notices: openRows(),
      groups: begin.empty ? [] : taskGroups(at),
      attention: outbox.count("refused", "needsDecision"),
      waiting: outbox.count("queued", "sending"),
      duties: teamwork.areas(),
      review: teamwork.counts(),
      backup: safety.backup(),
    };
  }

  return {
    app_state: () => appState(),
    profile_create({ passphrase: given }) {
      if (profile !== "none") fail("profileExists");
      if (begin.keyring === false && given === null) fail("keyringAbsent");
      passphrase = given;
      open();
      return { recoveryCode: RECOVERY };
    },
    profile_unlock({ person, passphrase: given, recoveryCode }) {
      if (person !== null) {
        safety.unlock(person, given ?? "");
        const { name } = PEOPLE.find(({ id }) => id === person)!;
        if (connection) connection = { ...connection, user: person, userName: name };
        return open();
      }
      if (recoveryCode !== null) {
        if (plain(recoveryCode) !== plain(RECOVERY)) fail("recoveryCodeWrong");
        return open();
      }
      if (passphrase !== null && given !== passphrase) fail("wrongKey");
      if (cause === "keyringLocked") fail("keyringLocked");
      if (cause === "keyringAbsent") fail("keyringAbsent");
      if (cause === "keyMissing") fail("keyMissing");
      if (cause === "keyFile") fail("keyFileDamaged");
      if (cause === "databaseMissing") fail("databaseMissing");
      if (cause === "damaged") fail("profileDamaged");
      if (cause === "tooNew") fail("profileTooNew");
      if (cause === "inUse") fail("profileInUse");
      if (cause === "readOnly") fail("readOnly");
      if (cause === "diskFull") fail("diskFull");
      return open();
    },
    profile_lock() {
      profile = "locked";
      cause = passphrase === null || safety.passphrases.size > 0 ? "byUser" : "passphrase";
      return appState();
    },
    profile_salvage() {
      if (cause !== "damaged") fail("wrongState");
      open();
      return {
        movedTo: "C:\\Users\\周敏\\AppData\\Roaming\\Sunbench\\profile\\damaged-20261120-091200",
        rows: 41,
      };
    },
    ...safety.answers,
    ...teamwork.answers,
    sign_out() {
      if (connection) connection = { ...connection, signedIn: false };
      changed();
      return appState();
    },
    key_rotate({ passphrase: given }) {
      if (passphrase !== null && given !== passphrase) fail("wrongKey", "passphrase");
      return { recoveryCode: RECOVERY.replace("000G4", "9ZT2M") };
    },
    passphrase_change({ old, new: next }) {
      if (passphrase !== null && old !== passphrase) fail("wrongKey", "old");
      passphrase = next;
      return appState();
    },
    recovery_code_renew: () => ({ recoveryCode: RECOVERY.replace("000G4", "4KQ7C") }),
    async connect({ url, institution, user, password }) {
      if (!/^https?:\/\/[\w.-]+/.test(url)) fail("badAddress", "url");
      if (url.startsWith("http:") && !/^http:\/\/(127\.0\.0\.1|localhost)/.test(url))
        fail("plainHttp", "url");
      if (!online) fail("unreachable");
      if (password === "wrong") fail("signInRefused");
      connection = { ...CONNECTION, url, institution, user, platform: "云岭省医药集中采购平台", demo: false };
      checkIn();
      changed();
      return appState();
    },
    demo_start() {
      if (profile !== "open") fail("profileLocked");
      connection = CONNECTION;
      checkIn();
      changed();
      return appState();
    },
    demo_online({ online: plugged }) {
      online = plugged;
      if (online && checkInWaiting) {
        checkInWaiting = false;
        checkedInAt = clock.now();
      }
      if (online) outbox.deliver();
      changed();
      return appState();
    },
    sync_now() {
      paused = false;
      outbox.deliver();
      changed();
      return syncStatus();
    },
    sync_cancel() {
      paused = true;
      changed();
      return syncStatus();
    },
    sync_status: () => syncStatus(),
    quarantine_list: () => ({
      records: [
        {
          resource: "delivery",
          id: "PS2026111800412",
          field: "quantity",
          reason: "数量“3,5”不是数字",
          seenAt: "2026-11-18T17:20:41+08:00",
        },
      ],
    }),
    today: () => todayNow(),
    check_in() {
      checkIn();
      changed();
      return todayNow();
    },
    attendance: ({ month }) => attendanceOf(month, clock.today(), checkedInAt !== null, checkInWaiting),
    notices_list({ scope }) {
      connected();
      const all = notices.map(row).sort((a, b) => b.issuedAt.localeCompare(a.issuedAt));
      return { rows: scope === "open" ? openRows() : all, duty: teamwork.area("notices") };
    },
    notice_detail({ id }) {
      const seed = notice(id);
      const rest = { draft: drafts.get(id) ?? null, alsoDrafting: [], submissions: outbox.of(id) };
      return structuredClone(detailOf(seed, row(seed), rest));
    },
    notice_draft_save(request) {
      const { notice: id, ...draft } = request;
      const seed = notice(id);
      if (draft.round < seed.round) fail("wrongState");
      const editedAt = clock.now();
      drafts.set(id, { ...draft, editedAt, editedBy: NAME });
      return { editedAt };
    },
    async notice_attach({ name, contentBase64: read, path }) {
      const contentBase64 = read ?? btoa(path ?? "");
      const bytes = Uint8Array.from(atob(contentBase64), (one) => one.charCodeAt(0));
      if (bytes.length > LARGEST_ATTACHMENT) fail("attachmentTooLarge", name);
      const hash = await sha256(bytes);
      files.set(hash, contentBase64);
      return { sha256: hash, name, size: bytes.length };
    },
    notice_attachment: ({ sha256: hash }) => ({ contentBase64: files.get(hash) ?? fail("notFound") }),
    async notice_reply({ notice: id, round }) {
      const seed = notice(id);
      const draft = drafts.get(id) ?? fail("fieldRequired", "cause");
      for (const field of ["cause", "measures", "responsible"] as const)
        if (!draft[field]?.trim()) fail("fieldRequired", field);
      if (seed.round !== round || waits(seed)) fail("wrongState");
      const key = await sha256(JSON.stringify(draft));
      return outbox.add("notice.reply", id, seed.title, key, (at) => {
        const sent = outbox.of(id).at(-1)!;
        const { cause, measures, finishBy, responsible, attachments, editedBy } = draft;
        const answer = { round, cause, measures, finishBy, responsible, attachments };
        seed.replies.push({ ...answer, operator: editedBy, submittedAt: at, clientKey: sent.key });
        seed.timeline.push({ kind: "replied", at, by: NAME, round, text: null });
        Object.assign(seed, { state: "REPLIED", stateText: "已反馈" });
      });
    },
    orders_open({ text, states, from, to, campus }) {
      const typed = text.trim().toLowerCase();
      const dated = orders.filter(({ submittedAt, dept }) => {
        const day = submittedAt.slice(0, 10);
        return (!from || day >= from) && (!to || day <= to) && teamwork.isAt(campus, dept);
      });
      const found = dated.filter(({ product, spec, model, orderCode, mcsCode, maker, supplier, dept }) =>
        [product, spec, model, orderCode, mcsCode ?? "", maker, supplier, dept].some((field) =>
          field.toLowerCase().includes(typed),
        ),
      );
      const rows = found.filter(({ state }) => states.length === 0 || states.includes(state));
      const cents = rows.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
      views.set(++lastView, rows);
      return {
        view: lastView,
        total: rows.length,
        amount: (cents / 100).toFixed(2),
        pageSize: PAGE,
        first: rows.slice(0, PAGE),
        states: stateCounts(found),
      };
    },
    orders_page({ view, page }) {
      const rows = views.get(view) ?? fail("viewGone");
      return { rows: rows.slice(page * PAGE, (page + 1) * PAGE) };
    },
    order_line({ id }) {
      return orderDetail(orders, orders.find((one) => one.id === id) ?? fail("notFound"));
    },
    search({ text }) {
      const typed = text.trim().toLowerCase();
      if (typed === "") return { hits: [] };
      const fits = (...fields: string[]) => fields.some((field) => field.toLowerCase().includes(typed));
      return {
        hits: [
          ...notices
            .filter(({ title, code }) => fits(title, code))
            .map(({ id, title, code }) => ({ kind: "notice" as const, id, title, detail: code })),
          ...[...new Set(orders.map(({ orderCode }) => orderCode))]
            .filter((code) => fits(code))
            .slice(0, 6)
            .map((code) => ({ kind: "order" as const, id: code, title: code, detail: "" })),
          ...[...new Map(orders.map((row) => [row.product, row])).values()]
            .filter(({ product }) => fits(product))
            .map(({ id, product, spec }) => ({ kind: "product" as const, id, title: product, detail: spec })),
          ...[...new Set(orders.flatMap(({ maker, supplier }) => [maker, supplier]))]
            .filter((name) => fits(name))
            .map((name) => ({ kind: "org" as const, id: name, title: name, detail: "" })),
        ],
      };
    },
    outbox_list: () => ({
      items: [...outbox.items].reverse().map((one) => ({ ...one })),
      waiting: outbox.count("queued", "sending"),
      attention: outbox.count("refused", "needsDecision"),
      review: teamwork.counts(),
      before: null,
    }),
    outbox_withdraw({ key }) {
      const one = item(key);
      if (one.state === "accepted" || one.state === "sending") fail("wrongState");
      Object.assign(one, { state: "withdrawn", settledAt: clock.now() });
      changed();
      return { ...one };
    },
    outbox_resend({ key }) {
      const one = item(key);
      if (!["refused", "needsDecision", "returned"].includes(one.state)) fail("wrongState");
      Object.assign(one, { state: "queued", errorCode: null, errorText: null });
      outbox.deliver();
      changed();
      return { ...one };
    },
    code_check: ({ kind, value }) => codeAnswer(kind, value),
    preferences: () => ({ values: Object.fromEntries(preferences) }),
    preference_set({ key, value }) {
      if (value === null) preferences.delete(key);
      else preferences.set(key, value);
      return { values: Object.fromEntries(preferences) };
    },
    audit_page: () => ({
      entries: [
        {
          seq: 2,
          at: checkedInAt ?? now,
          actor: NAME,
          action: "checkin",
          subject: clock.today(),
          detail: "",
          hash: "b1".repeat(32),
        },
        {
          seq: 1,
          at: now,
          actor: NAME,
          action: "profile.open",
          subject: "",
          detail: "",
          hash: "a0".repeat(32),
        },
      ],
      before: null,
    }),
    ...recordAnswers(files, fail),
    ...ledgers.answers,
    ...reconciliation.answers,
    ...billing.answers,
    ...purchase.answers,
    ...ordering.answers,
    ...receiving.answers,
    ...demandAnswers(outbox, fail, begin.empty === true),
    ...agreementAnswers(clock, outbox, fail, begin.empty === true),
    ...continuityAnswers(clock, fail, begin.empty === true),
    ...policyAnswers(clock, fail, begin.empty === true),
    ...paperAnswers(clock, begin.empty === true),
    ...filingAnswers(clock, outbox, fail, begin.empty === true),
    ...indicatorAnswers(clock, orders, begin.empty === true),
    ...supplyAnswers(clock, outbox, orders, fail, begin.empty === true),
    ...evaluationAnswers(clock, outbox, fail, begin.empty === true),
    verify: () => ({ integrity: true, auditChain: true, auditEntries: 2, cursor: "8412", orphans: 0 }),
  };
}
