import type {
  Attachment,
  Commands,
  DayClock,
  DocumentStep,
  ErrorCode,
  NegotiationRow,
  OrderRow,
  SupplyEvidence,
  SupplyIssueRow,
} from "@/bindings/wire";
import { deadlineOf, plusDays } from "./calendar";
import type { Clock } from "./clock";
import { sha256, type Outbox } from "./outbox";

type Served =
  | "supply_issues"
  | "supply_issue"
  | "supply_issue_submit"
  | "supply_issue_close"
  | "negotiations"
  | "negotiation"
  | "negotiation_invite"
  | "negotiation_decide";
type Answers = {
  [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};
type Fail = (code: ErrorCode, field?: string | null) => never;

interface IssueSeed {
  id: string;
  kind: string;
  lines: OrderRow[];
  description: string;
  reportedAt: string;
  state: string;
  reply: string;
  repliedAt: string | null;
  promisedDate: string | null;
  verifiedAt: string | null;
  office: string | null;
  attachments: Attachment[];
}

const STATES: Record<string, string> = {
  REPORTED: "已上报",
  ANSWERED: "企业已回复",
  VERIFIED: "已核实",
  RESOLVED: "已解决",
};
const OFFICES = [
  { id: "G1", name: "云岭省医疗保障局望溪分局" },
  { id: "G2", name: "云岭市医疗保障局药械科" },
];

/** `days` working days from a day, as a clock that runs today. */
export function dayClock(from: string, days: number, today: string): DayClock {
  const { dueDate, remainingWorkingDays, urgency, provisional } = deadlineOf(from, days, today);
  return { dueDate, remainingWorkingDays, urgency, provisional };
}

function seedIssues(orders: readonly OrderRow[]): IssueSeed[] {
  const refused = orders.filter(({ state }) => state === "REFUSED");
  const late = orders.filter(({ late: isLate }) => isLate);
  const done = orders.filter(({ state }) => state === "RECEIVED");
  const none = { reply: "", repliedAt: null, promisedDate: null, verifiedAt: null, attachments: [] };
  return [
    {
      ...none,
      id: "GY101",
      kind: "short",
      lines: refused.slice(0, 1),
      description: "配送企业答复缺货两周，导管室急诊库存仅余三天用量。",
      reportedAt: "2026-11-17T10:20:00+08:00",
      state: "REPORTED",
      office: OFFICES[0]!.name,
    },
    {
      ...none,
      id: "GY102",
      kind: "late",
      lines: late.slice(0, 1),
      description: "超过48小时未送达，电话催促两次无明确时间。",
      reportedAt: "2026-11-19T15:42:00+08:00",
      state: "REPORTED",
      office: OFFICES[1]!.name,
    },
    {
      ...none,
      id: "GY98",
      kind: "short",
      lines: refused.slice(1, 2),
      description: "中选规格断供，企业称生产线检修。",
      reportedAt: "2026-11-11T09:05:00+08:00",
      state: "VERIFIED",
      reply: "生产线检修，先由外市仓库调拨。",
      repliedAt: "2026-11-12T16:30:00+08:00",
      promisedDate: "2026-11-19",
      verifiedAt: "2026-11-16T11:00:00+08:00",
      office: OFFICES[0]!.name,
    },
    {
      ...none,
      id: "GY93",
      kind: "price",
      lines: done.slice(0, 1),
      description: "随货单价高于挂网价。",
      reportedAt: "2026-11-03T14:10:00+08:00",
      state: "RESOLVED",
      reply: "系统价格未更新，已按挂网价更正。",
      repliedAt: "2026-11-04T09:30:00+08:00",
      promisedDate: "2026-11-04",
      office: OFFICES[1]!.name,
    },
  ];
}

const negotiation = (
  id: string,
  [product, spec, unit, price]: readonly [string, string, string, string],
  rest: Partial<NegotiationRow>,
): NegotiationRow => ({
  id,
  productId: `P-${id}`,
  product,
  spec,
  unit,
  maker: "淮屿澄砚医疗器械有限公司",
  price,
  targetPrice: "0",
  answerPrice: null,
  invitedAt: "2026-11-12T09:30:00+08:00",
  clock: null,
  answeredAt: null,
  remarks: "本院年用量约 300，邻近三家医院成交价更低。",
  conclusion: "",
  state: "INVITED",
  stateText: "已邀请",
  ours: false,
  waiting: false,
  ...rest,
});

function seedNegotiations(): NegotiationRow[] {
  return [
    negotiation("YJ31", ["医用可吸收缝合线", "3-0 75cm", "包", "58.3"], {
      targetPrice: "49",
      answerPrice: "51.5",
      answeredAt: "2026-11-18T16:20:00+08:00",
      state: "ANSWERED",
      stateText: "已应答",
      ours: true,
    }),
    negotiation("YJ32", ["一次性使用吻合器", "60mm", "把", "1320"], {
      targetPrice: "1180",
      invitedAt: "2026-11-16T10:05:00+08:00",
    }),
    negotiation("YJ20", ["一次性使用吻合器", "60mm", "把", "1450"], {
      productId: "P-YJ32",
      targetPrice: "1200",
      answerPrice: "1320",
      invitedAt: "2026-05-11T10:05:00+08:00",
      answeredAt: "2026-05-15T10:05:00+08:00",
      conclusion: "按应答价执行",
      state: "AGREED",
      stateText: "议价成功",
    }),
  ];
}

/** 供应问题 and 议价 of the invented office, judged as the core judges. */
export function supplyAnswers(
  clock: Clock,
  outbox: Outbox,
  orders: readonly OrderRow[],
  fail: Fail,
  empty: boolean,
): Answers {
  const issues = empty ? [] : seedIssues(orders);
  const negotiations = empty ? [] : seedNegotiations();
  const waits = (id: string) => outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  const unsent = (kind: string) =>
    outbox.items
      .filter((item) => item.kind === kind && ["queued", "sending", "refused"].includes(item.state))
      .map((item) => ({ ...item }));

  const issueRow = (seed: IssueSeed): SupplyIssueRow => {
    const today = clock.today();
    const line = seed.lines[0]!;
    const open = seed.state !== "RESOLVED";
    const unanswered = open && seed.repliedAt === null;
    const replyClock = unanswered ? dayClock(seed.reportedAt.slice(0, 10), 2, today) : null;
    const promised = seed.promisedDate;
    const promiseClock =
      open && promised !== null ? { ...dayClock(plusDays(promised, -1), 1, today), dueDate: promised } : null;
    return {
      id: seed.id,
      code: `${seed.id}${seed.reportedAt.slice(0, 10).replaceAll("-", "")}`,
      kind: seed.kind,
      productId: line.product,
      product: line.product,
      spec: line.spec,
      maker: line.maker,
      supplierId: line.supplier,
      supplier: line.supplier,
      description: seed.description,
      reportedAt: seed.reportedAt,
      state: seed.state,
      stateText: STATES[seed.state] ?? seed.state,
      open,
      replyClock,
      promiseClock,
      escalation:
        replyClock && replyClock.remainingWorkingDays < 0
          ? "noReply"
          : promiseClock && promised !== null && promised < today
            ? "promiseBroken"
            : null,
      office: seed.office,
      verified: seed.state === "VERIFIED",
      closable: seed.state === "ANSWERED" || seed.state === "VERIFIED",
      waiting: waits(seed.id),
    };
  };
  const evidence = (row: OrderRow): SupplyEvidence => ({
    orderLine: row.id,
    orderCode: row.orderCode,
    lineNo: row.lineNo,
    quantity: row.quantity,
    delivered: row.delivered,
    received: row.received,
    unit: row.unit,
    submittedAt: row.submittedAt,
    deliveryDueAt: row.deliveryDueAt,
    state: row.state,
    stateText: row.stateText,
    late: row.late,
  });
  const step = (kind: DocumentStep["kind"], at: string | null, by: string | null, text: string) =>
    at === null ? [] : [{ kind, at, dateOnly: at.length === 10, by, text }];

  const negotiationRow = (row: NegotiationRow): NegotiationRow => ({
    ...row,
    clock: row.state === "INVITED" ? dayClock(row.invitedAt.slice(0, 10), 5, clock.today()) : null,
    waiting: waits(row.id),
  });

  return {
    supply_issues: () => ({
      rows: issues.map(issueRow).sort((a, b) => Number(b.open) - Number(a.open)),
      pending: unsent("supplyIssue.create"),
      offices: OFFICES,
    }),
    supply_issue({ issue }) {
      const seed = issues.find(({ id }) => id === issue) ?? fail("notFound");
      return {
        row: issueRow(seed),
        reply: seed.reply,
        promisedDate: seed.promisedDate,
        evidence: seed.lines.map(evidence),
        attachments: seed.attachments,
        steps: [
          ...step("reported", seed.reportedAt, "周敏", ""),
          ...step("replied", seed.repliedAt, seed.lines[0]!.supplier, seed.reply),
          ...step("verified", seed.verifiedAt, seed.office, ""),
        ],
        submissions: outbox.of(seed.id),
      };
    },
    async supply_issue_submit(request) {
      const lines = request.orderLines.map(
        (id, at) => orders.find((row) => row.id === id) ?? fail("notFound", `orderLines[${at}]`),
      );
      if (lines.length === 0) fail("fieldRequired", "orderLines");
      if (request.description.trim() === "") fail("fieldRequired", "description");
      const first = lines[0]!;
      const other = lines.findIndex(
        (row) => row.product !== first.product || row.supplier !== first.supplier,
      );
      if (other >= 0) fail("fieldInvalid", `orderLines[${other}]`);
      const digest = await sha256(JSON.stringify(request));
      const title = `${first.product} ${first.supplier}`;
      return outbox.add("supplyIssue.create", `${first.id}:issue`, title, digest, (reportedAt) => {
        issues.unshift({
          id: `GY${103 + issues.length}`,
          kind: request.kind,
          lines,
          description: request.description,
          reportedAt,
          state: "REPORTED",
          reply: "",
          repliedAt: null,
          promisedDate: null,
          verifiedAt: null,
          office: OFFICES.find(({ id }) => id === request.office)?.name ?? null,
          attachments: request.attachments,
        });
      });
    },
    async supply_issue_close({ issue }) {
      const seed = issues.find(({ id }) => id === issue) ?? fail("notFound");
      if (!issueRow(seed).closable || waits(issue)) fail("wrongState");
      const digest = await sha256(issue);
      const title = seed.lines[0]!.product;
      return outbox.add("supplyIssue.close", issue, title, digest, () => (seed.state = "RESOLVED"));
    },
    negotiations: () => ({
      rows: negotiations.map(negotiationRow).sort((a, b) => Number(b.ours) - Number(a.ours)),
      pending: unsent("negotiation.invite"),
    }),
    negotiation({ negotiation: wanted }) {
      const found = negotiations.find(({ id }) => id === wanted) ?? fail("notFound");
      const row = negotiationRow(found);
      return {
        row,
        steps: [
          ...step("invited", row.invitedAt, null, row.remarks),
          ...step("answered", row.answeredAt, row.maker, row.answerPrice ?? ""),
        ],
        others: negotiations
          .filter(({ id, productId }) => id !== row.id && productId === row.productId)
          .map(negotiationRow),
        submissions: outbox.of(row.id),
      };
    },
    async negotiation_invite(request) {
      if (negotiations.some((row) => row.productId === request.product && row.state === "INVITED"))
        fail("wrongState", "product");
      const digest = await sha256(JSON.stringify(request));
      return outbox.add("negotiation.invite", `of:${request.product}`, request.product, digest, (at) => {
        negotiations.unshift(
          negotiation(`YJ${40 + negotiations.length}`, [request.product, "", "把", "1320"], {
            productId: request.product,
            targetPrice: request.targetPrice,
            remarks: request.remarks,
            invitedAt: at,
          }),
        );
      });
    },
    async negotiation_decide({ negotiation: wanted, agreed, reason }) {
      const found = negotiations.find(({ id }) => id === wanted) ?? fail("notFound");
      if (!found.ours || waits(wanted)) fail("wrongState");
      if (!agreed && reason.trim() === "") fail("fieldRequired", "reason");
      const digest = await sha256(`${wanted} ${agreed} ${reason}`);
      return outbox.add("negotiation.decide", wanted, found.product, digest, () =>
        Object.assign(found, {
          ours: false,
          state: agreed ? "AGREED" : "FAILED",
          stateText: agreed ? "议价成功" : "议价失败",
          conclusion: agreed ? "按应答价执行" : reason,
        }),
      );
    },
  };
}
