import type { AgreementBatch, AgreementRow, Commands, ContractRow, ErrorCode } from "@/bindings/wire";
import type { Clock } from "./clock";
import { sha256, type Outbox } from "./outbox";
import { dayClock } from "./supply";
import { plusDays } from "./calendar";

type Served = "agreements" | "agreement_sign" | "agreement_dispute" | "contracts" | "contract_sign";
type Answers = {
  [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};
type Fail = (code: ErrorCode, field?: string | null) => never;

const NEXT = "骨科脊柱类耗材接续采购（国家）";
const RUNNING = "冠脉球囊类耗材第二轮（省级联盟）";
/** Batch, variety, product, spec, unit, agreed, ordered. */
const AGREED = [
  [NEXT, "椎弓根螺钉", "椎弓根螺钉", "6.5mm×45mm", "枚", "540", "0"],
  [NEXT, "椎间融合器", "腰椎融合器", "10mm×22mm", "个", "96", "0"],
  [RUNNING, "冠脉球囊扩张导管", "冠脉球囊扩张导管", "Φ2.5mm×15mm", "根", "820", "702"],
  [RUNNING, "冠脉药物涂层球囊", "冠脉药物涂层球囊导管", "Φ2.75mm×20mm", "根", "130", "61"],
  [RUNNING, "冠脉造影导管", "冠脉造影导管", "6F JL4.0", "根", "1500", "1490"],
] as const;

function seed(): { batch: string; row: AgreementRow }[] {
  return AGREED.map(([batch, variety, product, spec, unit, agreed, ordered], at) => {
    const next = batch === NEXT;
    return {
      batch,
      row: {
        id: `XY2026${at}`,
        variety,
        productId: `P-X${at}`,
        product,
        spec,
        maker: "宁汀栎川生物医学工程有限公司",
        supplier: at % 2 === 0 ? "云岭岚泰医药有限公司" : "澜川颂安医疗器械有限公司",
        unit,
        agreed,
        ordered,
        startsOn: next ? "2026-12-01" : "2026-01-01",
        endsOn: next ? "2028-11-30" : "2026-12-31",
        signBy: next ? "2026-11-25" : "2025-12-25",
        signClock: null,
        signedAt: next ? null : "2025-12-18T10:00:00+08:00",
        disputeReason: "",
        state: next ? "PENDING" : "RUNNING",
        stateText: next ? "待签订" : "执行中",
        signable: next,
        disputable: next,
        waiting: false,
      },
    };
  });
}

const contract = (id: string, rest: Partial<ContractRow>): ContractRow => ({
  id,
  code: `HT2026${id}`,
  kind: "purchase",
  supplierId: `S-${id}`,
  supplier: "云岭岚泰医药有限公司",
  startsOn: "2026-01-01",
  endsOn: "2026-12-31",
  signedOn: "2025-12-22",
  paymentDays: 60,
  daysLeft: 41,
  state: "SIGNED",
  stateText: "已签订",
  signable: false,
  waiting: false,
  ...rest,
});

function seedContracts(): ContractRow[] {
  const open = { state: "PENDING", stateText: "待签订", signable: true, signedOn: null };
  return [
    contract("0031", {
      ...open,
      supplier: "澜川恒澈医疗供应链有限公司",
      endsOn: "2027-11-30",
      daysLeft: 375,
    }),
    contract("0032", { ...open, kind: "clean", supplier: "澜川恒澈医疗供应链有限公司", paymentDays: null }),
    contract("0012", {}),
    contract("0013", { kind: "clean", paymentDays: null }),
  ];
}

/** 协议 and 合同 of the invented office, judged as the core judges. */
export function agreementAnswers(clock: Clock, outbox: Outbox, fail: Fail, empty: boolean): Answers {
  const seeds = empty ? [] : seed();
  const contracts = empty ? [] : seedContracts();
  const waits = (id: string) => outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  const shown = (row: AgreementRow): AgreementRow => ({
    ...row,
    signClock: row.signable
      ? { ...dayClock(plusDays(row.signBy, -1), 1, clock.today()), dueDate: row.signBy }
      : null,
    waiting: waits(row.id),
  });
  const find = (id: string) => seeds.find(({ row }) => row.id === id)?.row ?? fail("notFound");
  return {
    agreements() {
      const batches = [...new Set(seeds.map(({ batch }) => batch))].map((batch): AgreementBatch => {
        const rows = seeds.filter((one) => one.batch === batch).map(({ row }) => shown(row));
        const first = rows[0]!;
        return {
          batch,
          startsOn: first.startsOn,
          endsOn: first.endsOn,
          signClock: rows.find(({ signClock }) => signClock)?.signClock ?? null,
          toSign: rows.filter(({ signable }) => signable).length,
          rows,
        };
      });
      return { batches };
    },
    async agreement_sign({ agreements }) {
      if (agreements.length === 0) fail("fieldRequired", "agreements");
      const items = [];
      for (const id of agreements) {
        const row = find(id);
        if (!row.signable || waits(id)) fail("wrongState");
        const signed = { signable: false, disputable: false, state: "SIGNED", stateText: "已签订" };
        items.push(
          outbox.add("agreement.sign", id, row.variety, await sha256(id), (signedAt) =>
            Object.assign(row, { ...signed, signedAt }),
          ),
        );
      }
      return { items };
    },
    async agreement_dispute({ agreement, reason }) {
      const row = find(agreement);
      if (reason.trim() === "") fail("fieldRequired", "reason");
      if (!row.disputable || waits(agreement)) fail("wrongState");
      return outbox.add("agreement.sign", agreement, row.variety, await sha256(reason), () =>
        Object.assign(row, {
          disputable: false,
          disputeReason: reason,
          state: "DISPUTED",
          stateText: "有异议",
        }),
      );
    },
    contracts: () => ({ rows: contracts.map((row) => ({ ...row, waiting: waits(row.id) })) }),
    async contract_sign({ contract: id }) {
      const row = contracts.find((one) => one.id === id) ?? fail("notFound");
      if (!row.signable || waits(id)) fail("wrongState");
      return outbox.add("agreement.sign", id, row.supplier, await sha256(id), () =>
        Object.assign(row, {
          signable: false,
          state: "SIGNED",
          stateText: "已签订",
          signedOn: clock.today(),
        }),
      );
    },
  };
}
