import type {
  DecisionRow,
  DifferenceKind,
  FieldComparison,
  ItemScope,
  ItemState,
  LineGroup,
  PeriodState,
  ReconcileDone,
  ReconcileLine,
  ReconcileRow,
  ReconcileSummary,
  StatementInfo,
} from "@/bindings/wire";
import type { Answers } from "./backend";
import type { Clock } from "./clock";
import type { Outbox } from "./outbox";
import { NAME } from "./people";
import { itemOf, lineOf, seedItems, type Item } from "./reconcileSeeds";

const PAGE = 100;
const FIELDS: readonly [string, (line: ReconcileLine) => string][] = [
  ["订单号", ({ order }) => order],
  ["订单行号", ({ orderLine }) => orderLine],
  ["国家编码", ({ code }) => code],
  ["品名", ({ name }) => name],
  ["规格", ({ spec }) => spec],
  ["批号", ({ lot }) => lot],
  ["有效期", ({ expiry }) => expiry ?? ""],
  ["日期", ({ date }) => date ?? ""],
  ["数量", ({ quantity, unit }) => `${quantity ?? ""} ${unit}`],
  ["单价", ({ price }) => price ?? ""],
  ["金额", ({ amount }) => amount ?? ""],
  ["配送企业", ({ supplier }) => supplier],
];

interface Month {
  items: Item[];
  history: { done: DecisionRow; before: Item[] }[];
  signed: StatementInfo | null;
}
type Fail = (
  code: "notFound" | "wrongState" | "viewGone" | "dataChanged" | "fieldRequired",
  field?: string,
) => never;
const ANSWERS = [
  "reconcile_periods",
  "reconcile_open",
  "reconcile_page",
  "reconcile_item",
  "reconcile_search",
  "reconcile_link",
  "reconcile_accept",
  "reconcile_unlink",
  "reconcile_mark",
  "reconcile_undo",
  "reconcile_decisions",
  "reconcile_learned",
  "reconcile_known",
  "reconcile_tolerances",
  "reconcile_tolerances_set",
  "reconcile_filing",
  "reconcile_file",
  "reconcile_sign",
  "reconcile_statement",
  "reconcile_save",
  "reconcile_show",
] as const;

const isTodo = ({ sort, state }: ReconcileRow) =>
  sort !== "pair" && (state === "open" || state === "waiting");
const inScope = (row: ReconcileRow, scope: ItemScope) => {
  switch (scope) {
    case "todo":
      return isTodo(row);
    case "differences":
      return row.sort === "difference";
    case "proposals":
      return row.sort === "proposal";
    case "pairs":
      return row.sort === "pair";
    case "done":
      return row.sort === "difference" && !isTodo(row);
    case "all":
      return true;
  }
};
const lastDone = ({ history }: Month) => [...history].reverse().find(({ done }) => !done.undone);
const size = (amount: string) => Math.abs(Number(amount));
const sum = (amounts: readonly string[]) =>
  (amounts.reduce((all, amount) => all + Math.round(Number(amount) * 100), 0) / 100).toFixed(2);

/** 对账 in the invented office: months in memory, decisions that work and can be undone. */
export class Reconciliation {
  private readonly months = new Map<string, Month>();
  private readonly views = new Map<number, ReconcileRow[]>();
  private lastView = 0;
  private known: Awaited<ReturnType<Answers["reconcile_learned"]>> = {
    factors: [{ factor: { code: "C0701010010000900777", unit: "盒", of: "包", per: 12 }, seen: 6 }],
    aliases: [{ alias: { of: "supplier", platform: "云岭岚泰医药有限公司", ledger: "岚泰医药" }, seen: 31 }],
    knownFactors: [],
    knownAliases: [],
  };
  private tolerances = { quantity: "0", price: "0", amount: "0", days: null as number | null };

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly fail: Fail,
    empty: boolean,
  ) {
    const today = clock.today();
    for (const month of ["2026-11", "2026-10", "2026-09"])
      this.months.set(month, {
        items: empty || month === "2026-11" ? [] : seedItems(month, today),
        history: [],
        signed: null,
      });
    if (!empty) this.signOld();
  }

  private signOld(): void {
    const month = this.months.get("2026-09")!;
    for (const { row } of month.items) if (row.sort === "difference") row.state = "accepted";
    month.items = month.items.filter(({ row }) => row.sort !== "proposal");
    this.sign("2026-09", "九月对账无误", "2026-10-12T16:20:00+08:00");
    const late = lineOf("platform", "2026-09", 150);
    month.signed!.adjustments = [{ kind: "added", line: late, amount: `-${late.amount}` }];
  }

  private month(period: string): Month {
    return this.months.get(period) ?? this.fail("notFound", "period");
  }

  private stateOf({ items, signed }: Month): PeriodState {
    if (signed) return signed.adjustments.length > 0 ? "adjusted" : "signed";
    return items.length === 0 ? "empty" : "open";
  }

  /** Ledger lines came: the month has something to match. */
  filled(period: string): void {
    const month = this.months.get(period);
    if (month && month.items.length === 0) month.items = seedItems(period, this.clock.today());
  }

  /** The import was undone. */
  emptied(period: string): void {
    const month = this.months.get(period);
    if (month) Object.assign(month, { items: [], history: [] });
  }

  isSigned = (period: string) => (this.months.get(period)?.signed ?? null) !== null;

  summary(period: string): ReconcileSummary {
    const month = this.month(period);
    if (month.signed)
      return {
        ...month.signed.summary,
        state: this.stateOf(month),
        adjustments: month.signed.adjustments.length,
      };
    const rows = month.items.map(({ row }) => row);
    const of = (side: "platform" | "ledger") => month.items.flatMap((item) => item[side]);
    const amounts = (lines: ReconcileLine[]) => sum(lines.map(({ amount }) => amount ?? "0"));
    const [left, right] = [of("platform"), of("ledger")];
    const todo = rows.filter(isTodo);
    const names = [...new Set(rows.flatMap(({ kind }) => (kind === null ? [] : [kind])))];
    const latest = lastDone(month);
    return {
      period,
      state: this.stateOf(month),
      platformLines: left.length,
      ledgerLines: right.length,
      platformAmount: amounts(left),
      ledgerAmount: amounts(right),
      differenceAmount: sum([amounts(right), `-${amounts(left)}`]),
      pairs: rows.filter(({ platformLines, ledgerLines }) => platformLines > 0 && ledgerLines > 0).length,
      cleanPairs: rows.filter(({ sort }) => sort === "pair").length,
      proposals: rows.filter(({ sort }) => sort === "proposal").length,
      open: todo.length,
      openAmount: sum(todo.map(({ amount }) => String(size(amount)))),
      done: rows.filter((row) => row.sort === "difference" && !isTodo(row)).length,
      unmatchedPlatform: rows.filter(({ ledgerLines }) => ledgerLines === 0).length,
      unmatchedLedger: rows.filter(({ platformLines }) => platformLines === 0).length,
      kinds: names.map((kind) => {
        const all = rows.filter((row) => row.kind === kind);
        const open = all.filter(isTodo);
        return {
          kind,
          text: kind,
          open: open.length,
          done: all.length - open.length,
          amount: sum(open.map(({ amount }) => String(size(amount)))),
          openAmount: sum(open.map(({ amount }) => String(size(amount)))),
        };
      }),
      damaged: 2,
      settledElsewhere: 0,
      adjustments: 0,
      digest:
        `${period}-${rows.map(({ item, state, note, owner }) => `${item}${state}${note}${owner}`).join("")}`.slice(
          0,
          4_000,
        ),
      computedAt: this.clock.now(),
      undo: latest?.done.text ?? null,
    };
  }

  private sign(period: string, note: string, at: string): StatementInfo {
    const month = this.month(period);
    if (month.signed) this.fail("wrongState");
    const summary = { ...this.summary(period), state: "signed" as const, undo: null };
    month.signed = {
      period,
      digest: "5e".repeat(32),
      signedAt: at,
      signedBy: NAME,
      note,
      summary,
      adjustments: [],
    };
    return month.signed;
  }

  private decide(period: string, text: string, change: (month: Month) => number): ReconcileDone {
    const month = this.month(period);
    if (month.signed) this.fail("wrongState");
    const before = structuredClone(month.items);
    const changed = change(month);
    const done = { text, note: "", at: this.clock.now(), by: NAME, undone: false };
    month.history.push({ done, before });
    return { summary: this.summary(period), changed };
  }

  private chosen(month: Month, ids: readonly string[]): Item[] {
    return ids.map((id) => month.items.find(({ row }) => row.item === id) ?? this.fail("notFound", id));
  }

  private pair({ row, platform, ledger }: Item): Item {
    for (const line of [...platform, ...ledger]) line.paired = true;
    return itemOf(row.item, platform, ledger, { ...row, sort: "pair", kind: null, state: "accepted" });
  }

  /** Each line by itself. */
  private alone(lines: readonly ReconcileLine[]): Item[] {
    return lines.map((line) => {
      const ours = line.side === "platform";
      const kind: DifferenceKind = ours ? "notInLedger" : "notOnPlatform";
      const part = {
        kind,
        owner: ours ? ("store" as const) : ("procurement" as const),
        pass: null,
        reason: "",
      };
      const amount = ours ? `-${line.amount}` : (line.amount ?? "0");
      return itemOf(
        `u-${line.id}`,
        ours ? [{ ...line, paired: false }] : [],
        ours ? [] : [{ ...line, paired: false }],
        { ...part, amount },
      );
    });
  }

  private link(month: Month, groups: readonly LineGroup[]): number {
    const wanted = new Set(groups.flatMap(({ platform, ledger }) => [...platform, ...ledger]));
    const held = month.items.filter((item) =>
      [...item.platform, ...item.ledger].some(({ id }) => wanted.has(id)),
    );
    const lines = held.flatMap((item) => [...item.platform, ...item.ledger]);
    const made = groups.map(({ platform, ledger }, at) => {
      const pick = (ids: string[]) =>
        ids.map((id) => lines.find((line) => line.id === id) ?? this.fail("notFound", id));
      const [left, right] = [pick(platform), pick(ledger)];
      for (const line of [...left, ...right]) line.paired = true;
      return itemOf(`h-${left[0]!.id}-${at}`, left, right, {
        sort: "pair",
        state: "accepted",
        pass: 0,
        reason: "手工勾对",
        amount: right[0]!.amount ?? "0",
      });
    });
    const left = this.alone(lines.filter(({ id }) => !wanted.has(id)));
    month.items = [...month.items.filter((item) => !held.includes(item)), ...made, ...left];
    return made.length;
  }

  readonly answers: Pick<Answers, (typeof ANSWERS)[number]> = {
    reconcile_periods: () => ({
      periods: [...this.months].map(([period, month]) => ({
        period,
        state: this.stateOf(month),
        ledgerLines: month.items.flatMap(({ ledger }) => ledger).length,
        summary: month.items.length === 0 ? null : this.summary(period),
        signedAt: month.signed?.signedAt ?? null,
        signedBy: month.signed?.signedBy ?? null,
      })),
    }),
    reconcile_open: ({ period, scope, kinds, owners, states, text, order, leastAmount, leastAge }) => {
      const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const rows = this.month(period)
        .items.map(({ row }) => row)
        .filter((row) => {
          const all = [row.order, row.code, row.name, row.lot, row.supplier, row.note]
            .join(" ")
            .toLowerCase();
          return (
            inScope(row, scope) &&
            (kinds.length === 0 || (row.kind !== null && kinds.includes(row.kind))) &&
            (states.length === 0 || states.includes(row.state)) &&
            (owners.length === 0 || (row.owner !== null && owners.includes(row.owner))) &&
            words.every((word) => all.includes(word)) &&
            (leastAmount === null || size(row.amount) >= Number(leastAmount)) &&
            (leastAge === null || row.ageDays >= leastAge)
          );
        })
        .sort((a, b) => (order === "amount" ? size(b.amount) - size(a.amount) : b.ageDays - a.ageDays));
      this.views.set(++this.lastView, rows);
      return {
        view: this.lastView,
        summary: this.summary(period),
        total: rows.length,
        amount: sum(rows.map(({ amount }) => String(size(amount)))),
        pageSize: PAGE,
        first: rows.slice(0, PAGE),
      };
    },
    reconcile_page: ({ view, page }) => ({
      rows: (this.views.get(view) ?? this.fail("viewGone")).slice(page * PAGE, (page + 1) * PAGE),
    }),
    reconcile_item: ({ period, item }) => {
      const month = this.month(period);
      const [found] = this.chosen(month, [item]);
      const { row, platform, ledger } = found!;
      const fields = FIELDS.map(([field, of]): FieldComparison => {
        const [left, right] = [platform.map(of), ledger.map(of)];
        const stated = new Set([...left, ...right].filter((value) => value.trim() !== ""));
        const absent =
          [...left, ...right].some((value) => value.trim() === "") || left.length === 0 || right.length === 0;
        return {
          field,
          platform: left,
          ledger: right,
          mark: absent ? "absent" : stated.size > 1 ? "differ" : "agree",
        };
      });
      const history = month.history.map(({ done }) => done).filter(({ text }) => text.endsWith(row.name));
      return { row, platform, ledger, fields, related: [], history, editable: month.signed === null };
    },
    reconcile_search: ({ period, side, text, like, paired }) => {
      const lines = this.month(period).items.flatMap((item) => item[side]);
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const other = this.month(period)
        .items.flatMap((item) => [...item.platform, ...item.ledger])
        .find(({ id }) => id === like);
      const found = lines.filter((line) => {
        const all = [line.order, line.code, line.name, line.lot, line.supplier].join(" ").toLowerCase();
        const fits = words.length > 0 ? words.every((word) => all.includes(word)) : other?.code === line.code;
        return fits && (paired || !line.paired);
      });
      return { lines: found.slice(0, 50), total: found.length };
    },
    reconcile_link: ({ period, groups }) =>
      this.decide(period, "手工勾对", (month) => this.link(month, groups)),
    reconcile_accept: ({ period, items }) =>
      this.decide(period, `认可 ${this.chosen(this.month(period), items)[0]!.row.name}`, (month) => {
        for (const item of this.chosen(month, items)) {
          if (item.row.sort === "proposal") {
            if (item.platform.length + item.ledger.length > 2) this.fail("wrongState");
            month.items[month.items.indexOf(item)] = this.pair(item);
          } else
            Object.assign(item.row, { state: "accepted", note: item.row.remembered?.note ?? item.row.note });
        }
        return items.length;
      }),
    reconcile_unlink: ({ period, items }) =>
      this.decide(period, `取消勾对 ${this.chosen(this.month(period), items)[0]!.row.name}`, (month) => {
        const apart = this.chosen(month, items);
        const lines = apart.flatMap(({ platform, ledger }) => [...platform, ...ledger]);
        month.items = [...month.items.filter((item) => !apart.includes(item)), ...this.alone(lines)];
        return items.length;
      }),
    reconcile_mark: ({ period, items, state, owner, note }) =>
      this.decide(period, `更新 ${this.chosen(this.month(period), items)[0]!.row.name}`, (month) => {
        for (const { row } of this.chosen(month, items)) {
          const part: { state?: ItemState; owner?: ReconcileRow["owner"]; note?: string } = {};
          if (state !== null) part.state = state;
          if (owner !== null) part.owner = owner;
          if (note !== null) part.note = note;
          Object.assign(row, part);
        }
        return items.length;
      }),
    reconcile_undo: ({ period }) => {
      const month = this.month(period);
      const last = lastDone(month) ?? this.fail("notFound");
      month.items = last.before;
      last.done.undone = true;
      return { summary: this.summary(period), changed: 1 };
    },
    reconcile_decisions: ({ period }) => ({
      decisions: this.month(period)
        .history.map(({ done }) => done)
        .reverse(),
    }),
    reconcile_learned: () => this.known,
    reconcile_known: ({ addFactors, addAliases, removeFactors, removeAliases }) => {
      const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
      const without = <Entry>(all: Entry[], gone: Entry[]) =>
        all.filter((one) => !gone.some((other) => same(one, other)));
      const { factors, aliases, knownFactors, knownAliases } = this.known;
      this.known = {
        factors: factors.filter(({ factor }) => !addFactors.some((one) => same(one, factor))),
        aliases: aliases.filter(({ alias }) => !addAliases.some((one) => same(one, alias))),
        knownFactors: [...without(knownFactors, removeFactors), ...addFactors],
        knownAliases: [...without(knownAliases, removeAliases), ...addAliases],
      };
      return this.known;
    },
    reconcile_tolerances: () => this.tolerances,
    reconcile_tolerances_set: (next) => (this.tolerances = next),
    reconcile_filing: ({ period, item }) => {
      const line = this.chosen(this.month(period), [item])[0]!.ledger[0] ?? this.fail("notFound");
      return {
        goodsName: line.name,
        goodsSpec: line.spec,
        unit: line.unit,
        companyName: line.supplier,
        quantity: line.quantity ?? "",
        price: line.price ?? "",
        amount: line.amount ?? "",
        purchaseDate: line.date ?? "",
        reason: "",
        responsible: NAME,
      };
    },
    reconcile_file: ({ period, item, draft }) => {
      if (draft.reason.trim() === "") this.fail("fieldRequired", "reason");
      const { row } = this.chosen(this.month(period), [item])[0]!;
      const sent = this.outbox.add("filing.create", item, draft.goodsName, "f1".repeat(32), () => {
        if (row.filing) row.filing = { ...row.filing, state: "accepted" };
      });
      this.decide(period, `备案补录 ${row.name}`, (month) => {
        const [found] = this.chosen(month, [item]);
        found!.row = {
          ...found!.row,
          state: "filed",
          filing: { submission: sent.key, state: sent.state, errorText: null },
        };
        return 1;
      });
      return sent;
    },
    reconcile_sign: ({ period, digest, note }) => {
      if (digest !== this.summary(period).digest) this.fail("dataChanged");
      return this.sign(period, note, this.clock.now());
    },
    reconcile_statement: ({ period }) => this.month(period).signed ?? this.fail("notFound"),
    reconcile_save: ({ period, format }) => ({
      path: `D:\\对账\\对账单-${period}.${format}`,
      sha256: "5e".repeat(32),
    }),
    reconcile_show: ({ period }) => {
      this.month(period);
      return {};
    },
  };
}
