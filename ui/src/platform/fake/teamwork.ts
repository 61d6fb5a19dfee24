import type {
  ApiError,
  AreaDuty,
  Campus,
  Commands,
  ContentPart,
  DutyArea,
  DutyRow,
  ErrorCode,
  OutboxItem,
  ReviewBar,
  ReviewCounts,
} from "@/bindings/wire";
import type { Clock } from "./clock";
import type { Outbox } from "./outbox";
import { CONNECTION, NAME } from "./people";

type Of<Name extends keyof Commands> = (request: Commands[Name]["request"]) => Commands[Name]["answer"];
type Names =
  | "review_rules"
  | "review_rule_set"
  | "review_subject"
  | "review_approve"
  | "review_return"
  | "roster"
  | "duty_set"
  | "absence_add"
  | "absence_remove"
  | "campuses"
  | "campuses_set";

const fail = (code: ErrorCode, field: string | null = null): never => {
  throw { code, field, incident: null } satisfies ApiError;
};

const KINDS = [
  "order.submit",
  "order.cancel",
  "receipt.create",
  "receipt.confirm",
  "return.create",
  "filing.create",
  "demandReport.submit",
  "agreement.sign",
  "supplyIssue.create",
  "supplyIssue.close",
  "evaluation.create",
  "notice.reply",
  "negotiation.invite",
  "negotiation.decide",
  "invoice.verify",
  "settlement.create",
  "settlement.confirm",
];
const AREAS: readonly DutyArea[] = [
  "notices",
  "orders",
  "receiving",
  "filings",
  "supply",
  "billing",
  "volume",
  "reconcile",
];
/** The colleague on the same PC. */
const OTHER = { user: "liuyang", name: "刘洋" };
const PEOPLE = [{ user: CONNECTION.user, name: NAME }, OTHER];

/** Second persons, deputies and campuses of the invented office. */
export class Teamwork {
  private readonly rules = new Map<string, { since: string; by: string }>();
  private readonly duties = new Map<DutyArea, { a: string | null; b: string | null }>();
  private absences: { id: number; user: string; from: string; through: string; note: string }[] = [];
  private list: Campus[] = [];
  private lastId = 0;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly alone: boolean,
    begun: boolean,
  ) {
    if (!begun || alone) return;
    this.rules.set("order.submit", { since: "2026-11-02T09:00:00+08:00", by: NAME });
    this.duties.set("notices", { a: OTHER.user, b: CONNECTION.user });
    this.duties.set("billing", { a: OTHER.user, b: null });
    this.absences.push({
      id: ++this.lastId,
      user: OTHER.user,
      from: "2026-11-19",
      through: "2026-11-24",
      note: "培训",
    });
    this.list = [
      { id: "c-1", name: "本部院区", departments: ["导管室", "手术室", "心血管内科"] },
      { id: "c-2", name: "东院区", departments: ["骨科"] },
    ];
  }

  /** Whether submissions of a kind wait for a second person. */
  isReviewed(kind: string): boolean {
    return this.rules.has(kind);
  }

  /** Whether a department is at a campus; without one it is. */
  isAt(campus: string | null, dept: string): boolean {
    return (
      campus === null || this.list.some(({ id, departments }) => id === campus && departments.includes(dept))
    );
  }

  counts(): ReviewCounts {
    const of = (state: OutboxItem["state"], own: boolean) =>
      this.outbox.items.filter((item) => item.state === state && item.own === own).length;
    return {
      toReview: of("awaitingReview", false),
      awaiting: of("awaitingReview", true),
      returned: of("returned", true),
    };
  }

  areas(): AreaDuty[] {
    return AREAS.map((area) => {
      const [who, absent] = this.responsible(area);
      return {
        area,
        mine: who === null || who === CONNECTION.user,
        responsible: who && this.name(who),
        covers: who === CONNECTION.user && absent !== null ? this.name(absent) : null,
      };
    });
  }

  area(area: DutyArea): AreaDuty {
    return this.areas().find((duty) => duty.area === area)!;
  }

  private name = (user: string) => PEOPLE.find((person) => person.user === user)?.name ?? user;

  private responsible(area: DutyArea): [string | null, string | null] {
    const { a, b } = this.duties.get(area) ?? { a: null, b: null };
    const today = this.clock.today();
    const here = (user: string | null) =>
      user !== null &&
      !this.absences.some((one) => one.user === user && one.from <= today && today <= one.through);
    if (here(a)) return [a, null];
    return here(b) ? [b, a] : [null, null];
  }

  private bar(item: OutboxItem): ReviewBar | null {
    if (item.state !== "awaitingReview") return "notAwaited";
    return item.own ? "ownWork" : null;
  }

  private ruleList(): Commands["review_rules"]["answer"] {
    return {
      kinds: KINDS.map((kind) => {
        const rule = this.rules.get(kind);
        return {
          kind,
          required: rule !== undefined,
          since: rule?.since ?? null,
          by: rule?.by ?? null,
          reviewers: this.alone ? [NAME] : PEOPLE.map(({ name }) => name),
          secondPerson: !this.alone,
          waiting: this.outbox.items.filter((item) => item.kind === kind && item.state === "awaitingReview")
            .length,
        };
      }),
      people: this.alone ? 1 : 2,
      maySet: true,
    };
  }

  private rosterNow(): Commands["roster"]["answer"] {
    const today = this.clock.today();
    const row = (area: DutyArea): DutyRow => {
      const [who, absent] = this.responsible(area);
      const { a, b } = this.duties.get(area) ?? { a: null, b: null };
      return { area, a, b, now: who && this.name(who), standsIn: absent !== null };
    };
    return {
      areas: AREAS.map(row),
      absences: this.absences.map((one) => ({
        ...one,
        name: this.name(one.user),
        now: one.from <= today,
        mayRemove: true,
      })),
      maySet: true,
      me: CONNECTION.user,
    };
  }

  private decide(key: string, change: Partial<OutboxItem>): OutboxItem {
    const item = this.outbox.find(key) ?? fail("notFound");
    const bar = this.bar(item);
    if (bar !== null) fail(bar === "ownWork" ? "ownWork" : "wrongState");
    Object.assign(item, { reviewer: NAME, reviewedAt: this.clock.now(), ...change });
    this.outbox.deliver();
    return { ...item };
  }

  readonly answers: { [N in Names]: Of<N> } = {
    review_rules: () => this.ruleList(),
    review_rule_set: ({ kind, required }) => {
      if (!KINDS.includes(kind)) fail("fieldInvalid", "kind");
      if (required && this.alone) fail("needsTwoPeople", kind);
      if (required) this.rules.set(kind, { since: this.clock.now(), by: NAME });
      else this.rules.delete(kind);
      return this.ruleList();
    },
    review_subject: ({ key }) => {
      const item = this.outbox.find(key) ?? fail("notFound");
      return { item: { ...item }, parts: PARTS, body: BODY, bar: this.bar(item) };
    },
    review_approve: ({ key }) => this.decide(key, { state: "queued" }),
    review_return: ({ key, reason }) => {
      if (reason.trim() === "") fail("fieldRequired", "reason");
      return this.decide(key, { state: "returned", reviewReason: reason.trim() });
    },
    roster: () => this.rosterNow(),
    duty_set: ({ area, a, b }) => {
      if (a !== null && a === b) fail("fieldInvalid", "b");
      this.duties.set(area, { a, b });
      return this.rosterNow();
    },
    absence_add: ({ user, from, through, note }) => {
      if (through < from || through < this.clock.today()) fail("fieldInvalid", "through");
      this.absences.push({ id: ++this.lastId, user, from, through, note });
      return this.rosterNow();
    },
    absence_remove: ({ id }) => {
      this.absences = this.absences.filter((one) => one.id !== id);
      return this.rosterNow();
    },
    campuses: () => ({ campuses: this.list, unplaced: ["普外科"], maySet: true }),
    campuses_set: ({ campuses }) => {
      campuses.forEach(({ name }, at) => {
        if (name.trim() === "") fail("fieldRequired", `campuses[${at}].name`);
      });
      this.list = campuses.map((campus, at) => ({
        id: campus.id || `c-${at + 10}`,
        name: campus.name.trim(),
        departments: campus.departments.map((one) => one.trim()).filter((one) => one !== ""),
      }));
      return { campuses: this.list, unplaced: ["普外科"], maySet: true };
    },
  };
}

const field = (name: string, value: string, meaning: string | null = null) => ({
  field: name,
  value,
  meaning,
});
const PARTS: ContentPart[] = [
  {
    list: "",
    row: 0,
    fields: [field("hospitalDept", "导管室"), field("orderType", "普通"), field("remarks", "")],
  },
  {
    list: "lines",
    row: 1,
    fields: [
      field("companyIdPs", "O-2", "澜川恒澈医疗供应链有限公司"),
      field("procurecatalogId", "P-X2", "冠脉球囊扩张导管 Φ2.5mm×15mm"),
      field("purchaseCount", "6"),
      field("purchasePrice", "412.00"),
    ],
  },
  {
    list: "lines",
    row: 2,
    fields: [
      field("companyIdPs", "O-2", "澜川恒澈医疗供应链有限公司"),
      field("procurecatalogId", "P-X4", "冠脉造影导管 6F JL4.0"),
      field("purchaseCount", "10"),
      field("purchasePrice", "86.50"),
    ],
  },
];
const BODY =
  '{"hospitalDept":"导管室","lines":[{"companyIdPs":"O-2","procurecatalogId":"P-X2","purchaseCount":"6","purchasePrice":"412.00"},{"companyIdPs":"O-2","procurecatalogId":"P-X4","purchaseCount":"10","purchasePrice":"86.50"}],"orderType":"普通","remarks":""}';
