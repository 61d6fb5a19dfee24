import type {
  DeliveryDetail,
  DeliveryLine,
  DeliveryRow,
  ErrorCode,
  LabelFit,
  ReceiptDraft,
  ReceiptOfDelivery,
  ScannedLabel,
  ScannedLine,
} from "@/bindings/wire";
import { plusDays } from "./calendar";
import { beijing, type Clock } from "./clock";
import type { Answers } from "./backend";
import type { Outbox } from "./outbox";
import { NAME } from "./people";

const SUPPLIERS = ["云岭岚泰医药有限公司", "澜川恒澈医疗供应链有限公司", "澜川颂安医疗器械有限公司"];
const DEPTS = ["导管室", "骨科", "手术室", "心血管内科", "普外科"];
/** Name, spec, model, unit, GTIN, code. */
const GOODS = [
  ["冠脉球囊扩张导管", "Φ2.5mm×15mm", "PTC-25-15", "根", "06901234567892", "C0201020010000900025"],
  ["冠状动脉药物洗脱支架系统", "Φ2.75mm×18mm", "DES-275-18", "套", "06901234500011", "C0201010010000900011"],
  ["冠脉造影导管", "6F JL4.0", "ACC-6F-JL40", "根", "06901234500127", "C0201030010000900121"],
  ["一次性使用吻合器", "60mm", "LS-60", "把", "06901234500608", null],
  ["全膝关节系统", "左 3#", "TKA-L3", "套", "06901234500301", "C0305010010000900301"],
  ["椎弓根螺钉", "6.5mm×45mm", "PS-65-45", "枚", "06901234506540", "C0305020010000900402"],
  ["医用可吸收缝合线", "3-0 75cm", "VL-30-75", "包", "06901234503009", "C0701010010000900777"],
] as const;
const GS = "\u001d";
const NEAR_DAYS = 183;
const DEAL = ["WAITING", "CONFIRMED", "CONFIRMED", "CONFIRMED", "ACCEPTING", "WAITING"] as const;
const STATE_TEXT = { WAITING: "待确认", CONFIRMED: "已送达", ACCEPTING: "验收中", STORED: "已入库" } as const;
const COUNT = 17;

interface Seed {
  row: DeliveryRow;
  lines: DeliveryLine[];
  receipts: ReceiptOfDelivery[];
}

const sum = (...values: string[]) => String(values.reduce((total, value) => total + Number(value), 0));

/** 收货 of the invented office. */
export class Receiving {
  private readonly seeds: Seed[];
  private readonly drafts = new Map<string, ReceiptDraft>();

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly fail: (code: ErrorCode, field?: string | null) => never,
    empty: boolean,
  ) {
    this.seeds = empty ? [] : Array.from({ length: COUNT }, (_, at) => this.seed(at));
  }

  private seed(at: number): Seed {
    const now = Date.parse(this.clock.now());
    const minutes = (count: number) => beijing(now + count * 60_000);
    const state = DEAL[at % DEAL.length]!;
    const hours = [4, 24, 48][at % 3]!;
    const arrived = state === "WAITING" ? null : minutes(-50 - at * 97);
    const dueAt = minutes(state === "WAITING" ? -38 + at * 83 : 240 - at * 60);
    const lines = Array.from({ length: 1 + (at % 4) }, (_, n) => this.line(at, n, state === "ACCEPTING"));
    const code = `PS2026112000${String(412 + at)}`;
    const receipt: ReceiptOfDelivery = {
      id: `R-${at}`,
      code: `SH202611200${String(100 + at)}`,
      state: "PRE_ACCEPTED",
      stateText: "预验收",
      operator: "李文涛",
      receivedAt: minutes(-30 - at),
      received: lines[0]!.received,
      rejected: "0",
      attachments: [],
    };
    return {
      lines,
      receipts: state === "ACCEPTING" ? [receipt] : [],
      row: {
        id: `PS-${at}`,
        code,
        supplier: SUPPLIERS[at % SUPPLIERS.length]!,
        orderCode: `DD202611190001${String(20 + at)}`,
        dept: DEPTS[at % DEPTS.length]!,
        state,
        stateText: STATE_TEXT[state],
        receivable: state !== "WAITING",
        shippedAt: minutes(-300 - at * 131),
        arrivedAt: arrived,
        carrier: at % 3 === 0 ? "" : "顺达冷链",
        expressNo: at % 3 === 0 ? "" : `SD88120${at}4471`,
        lines: lines.length,
        urgent: hours === 4,
        clockHours: hours,
        dueAt,
        late: dueAt < (arrived ?? this.clock.now()),
        urgency:
          arrived !== null ? "later" : dueAt < this.clock.now() ? "overdue" : at < 6 ? "soon" : "later",
        receiptWaiting: false,
        hasDraft: false,
      },
    };
  }

  private line(at: number, n: number, begun: boolean): DeliveryLine {
    const [product, spec, model, unit, di, mcsCode] = GOODS[(at + n) % GOODS.length]!;
    const delivered = String(2 + ((at * 3 + n * 5) % 9));
    const received = begun && n === 0 ? "1" : "0";
    const lot = `L2609${String(10 + at)}${"ABCD"[n]!}`;
    const expiresOn = plusDays(this.clock.today(), (at + n) % 7 === 3 ? 96 : 700 + n);
    const udi = `01${di}17${expiresOn.slice(2).replaceAll("-", "")}10${lot}`;
    return {
      id: `PS-${at}-${n + 1}`,
      orderLine: `L-${String(at * 3 + n).padStart(5, "0")}`,
      lineNo: n + 1,
      product,
      spec,
      model,
      unit,
      mcsCode,
      delivered,
      received,
      rejected: "0",
      waiting: "0",
      left: sum(delivered, `-${received}`),
      lot,
      madeOn: plusDays(expiresOn, -1_095),
      expiresOn,
      shelf: this.shelf(expiresOn),
      udi,
    };
  }

  private shelf(expiresOn: string | null): DeliveryLine["shelf"] {
    const today = this.clock.today();
    if (expiresOn === null) return "good";
    return expiresOn < today ? "expired" : expiresOn <= plusDays(today, NEAR_DAYS) ? "near" : "good";
  }

  private find(id: string): Seed {
    return this.seeds.find(({ row }) => row.id === id) ?? this.fail("notFound");
  }

  private detail(id: string): DeliveryDetail {
    const seed = this.find(id);
    const submissions = this.outbox.of(id);
    return {
      row: this.row(seed),
      lines: seed.lines,
      receipts: seed.receipts,
      draft: this.drafts.get(id) ?? null,
      alsoDrafting: id === "PS-3" ? ["刘洋"] : [],
      submissions,
    };
  }

  private row(seed: Seed): DeliveryRow {
    const waits = this.outbox.of(seed.row.id).some(({ state }) => state === "queued" || state === "sending");
    return { ...seed.row, receiptWaiting: waits, hasDraft: this.drafts.has(seed.row.id) };
  }

  /** GS1 with its usual parts only. */
  private read(code: string): ScannedLabel | null {
    const plain = code.replace(/^\](?:d2|C1|Q3)/, "").replaceAll(/[()]/g, "");
    const match = new RegExp(`^01(\\d{14})(?:17(\\d{6}))?(?:10([^${GS}]+)${GS}?)?(?:21([^${GS}]+))?$`).exec(
      plain,
    );
    if (!match) return null;
    const [, di = "", expiry, lot, serial] = match;
    const expiresOn = expiry ? `20${expiry.slice(0, 2)}-${expiry.slice(2, 4)}-${expiry.slice(4)}` : null;
    return {
      udi: plain,
      di,
      lot: lot ?? null,
      expiresOn,
      serial: serial ?? null,
      shelf: this.shelf(expiresOn),
    };
  }

  private fits({ row, lines }: Seed, label: ScannedLabel): ScannedLine[] {
    const fit = (line: DeliveryLine): LabelFit | null => {
      if (!line.udi.includes(label.di)) return null;
      if (line.udi === label.udi) return "same";
      if (label.lot === null) return "product";
      return label.lot === line.lot ? "lot" : "otherLot";
    };
    return lines.flatMap((line) => {
      const found = line.left === "0" ? null : fit(line);
      const { id, code, supplier } = row;
      return found === null ? [] : [{ delivery: id, deliveryCode: code, supplier, line, fit: found }];
    });
  }

  readonly answers: Pick<
    Answers,
    "deliveries" | "delivery" | "delivery_scan" | "receipt_draft_save" | "receipt_submit" | "receipt_confirm"
  > = {
    deliveries: ({ text }) => {
      const typed = text.trim().toLowerCase();
      const rows = this.seeds
        .map((seed) => this.row(seed))
        .filter(({ state }) => state !== "STORED")
        .filter((row) =>
          [row.code, row.orderCode, row.expressNo, row.supplier].some((one) =>
            one.toLowerCase().includes(typed),
          ),
        );
      const key = (row: DeliveryRow) => `${row.receivable ? 0 : 1}${row.dueAt ?? "9"}`;
      return { rows: rows.sort((a, b) => key(a).localeCompare(key(b))) };
    },
    delivery: ({ id }) => this.detail(id),
    delivery_scan: ({ code, delivery }) => {
      const label = this.read(code);
      if (!label) return { valid: false, reason: "不是 GS1、MA 或 HIBC 标识", label: null, lines: [] };
      const within = delivery === null ? this.seeds : [this.find(delivery)];
      const rank: LabelFit[] = ["same", "lot", "product", "otherLot"];
      const lines = within
        .filter(({ row }) => row.receivable)
        .flatMap((seed) => this.fits(seed, label))
        .sort((a, b) => rank.indexOf(a.fit) - rank.indexOf(b.fit));
      return { valid: true, reason: null, label, lines };
    },
    receipt_draft_save: ({ delivery, lines, attachments }) => {
      const editedAt = this.clock.now();
      this.drafts.set(delivery, { lines, attachments, editedAt, editedBy: NAME });
      return { editedAt };
    },
    receipt_submit: ({ delivery }) => {
      const seed = this.find(delivery);
      if (!seed.row.receivable) this.fail("wrongState");
      const lines = (this.drafts.get(delivery)?.lines ?? []).filter(
        ({ received, rejected }) => Number(received || 0) + Number(rejected || 0) > 0,
      );
      if (lines.length === 0) this.fail("fieldRequired", "lines");
      lines.forEach(({ line, received, rejected, rejectReason }, at) => {
        const of = seed.lines.find(({ id }) => id === line) ?? this.fail("fieldInvalid", `lines[${at}].line`);
        if (Number(received || 0) + Number(rejected || 0) > Number(of.left))
          this.fail("moreThanLeft", `lines[${at}].received`);
        if (Number(rejected || 0) > 0 && rejectReason.trim() === "")
          this.fail("fieldRequired", `lines[${at}].rejectReason`);
        of.waiting = sum(of.waiting, received || "0", rejected || "0");
        of.left = sum(of.left, `-${received || 0}`, `-${rejected || 0}`);
      });
      const attachments = this.drafts.get(delivery)?.attachments ?? [];
      this.drafts.delete(delivery);
      return this.outbox.add("receipt.create", delivery, seed.row.code, "5e".repeat(32), (at) => {
        for (const { line, received, rejected } of lines) {
          const of = seed.lines.find(({ id }) => id === line)!;
          of.waiting = "0";
          of.received = sum(of.received, received || "0");
          of.rejected = sum(of.rejected, rejected || "0");
        }
        seed.receipts.push({
          id: `R-${seed.row.id}-${seed.receipts.length}`,
          code: `SH${at.slice(0, 10).replaceAll("-", "")}${String(300 + seed.receipts.length)}`,
          state: "ACCEPTED",
          stateText: "已验收",
          operator: NAME,
          receivedAt: at,
          received: sum(...lines.map((one) => one.received || "0")),
          rejected: sum(...lines.map((one) => one.rejected || "0")),
          attachments,
        });
        const state = seed.lines.every(({ left }) => left === "0") ? "STORED" : "ACCEPTING";
        Object.assign(seed.row, { state, stateText: STATE_TEXT[state], receivable: state !== "STORED" });
      });
    },
    receipt_confirm: ({ receipt, accepted, reason }) => {
      const found = this.seeds.flatMap(({ receipts }) => receipts).find(({ id }) => id === receipt);
      if (found?.state !== "PRE_ACCEPTED") return this.fail("wrongState");
      if (!accepted && reason.trim() === "") this.fail("fieldRequired", "reason");
      return this.outbox.add("receipt.confirm", receipt, found.code, "6f".repeat(32), () =>
        Object.assign(
          found,
          accepted
            ? { state: "ACCEPTED", stateText: "已验收" }
            : { state: "REJECTED", stateText: "不予入库" },
        ),
      );
    },
  };
}
