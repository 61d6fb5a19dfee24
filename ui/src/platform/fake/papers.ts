import type { Commands, PaperKind, PaperRow } from "@/bindings/wire";
import { plusDays } from "./calendar";
import type { Clock } from "./clock";

type Answers = { papers: (request: Commands["papers"]["request"]) => Commands["papers"]["answer"] };

/** Kind, id, names, and in how many days it ends. */
const PAPERS: readonly [PaperKind, string, string, string, number][] = [
  ["relation", "GX-2", "澜川颂安医疗器械有限公司", "宁汀栎川生物医学工程有限公司", -3],
  ["registration", "P-X2", "冠脉球囊扩张导管 Φ2.5mm×15mm", "国械注准20213030711", 5],
  ["contract", "0012", "云岭岚泰医药有限公司", "HT20260012", 14],
  ["registration", "P-X4", "冠脉造影导管 6F JL4.0", "国械注准20223031185", 28],
  ["certificate", "20251219A7C1", "CA 证书 周敏", "岭澜数字证书认证中心 20251219A7C1", 29],
];

/** 证照 of the invented office. */
export function paperAnswers(clock: Clock, empty: boolean): Answers {
  const row = ([kind, id, title, detail, daysLeft]: (typeof PAPERS)[number]): PaperRow => ({
    kind,
    id,
    title,
    detail,
    endsOn: plusDays(clock.today(), daysLeft),
    daysLeft,
    stage: daysLeft < 0 ? 0 : daysLeft <= 7 ? 7 : daysLeft <= 15 ? 15 : 30,
  });
  return { papers: () => ({ rows: empty ? [] : PAPERS.map(row) }) };
}
