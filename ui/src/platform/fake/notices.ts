import type { EvidenceLine, NoticeDetail, NoticeRow, Reply, TimelineEntry } from "@/bindings/wire";
import type { Clock } from "./clock";
import { deadlineOf } from "./calendar";

const OFFICE = "澜川市医疗保障局";
const MEASURES_21 = "《云岭省医用耗材阳光采购监督管理办法（试行）》（岭医保发〔2023〕21号）";
const VOLUME_16 = "《云岭省药品和医用耗材集中带量采购执行管理细则》（岭医保发〔2024〕16号）";
const NAME = "周敏";

/** A notice as the platform holds it; what depends on today's date is worked out when it is asked for. */
export interface NoticeSeed {
  id: string;
  code: string;
  title: string;
  level: string;
  issuedAt: string;
  workingDays: number;
  statedOn?: string;
  state: string;
  stateText: string;
  round: number;
  body: string;
  ruleName: string;
  clause: string;
  indicatorId: string | null;
  returnReason: string;
  evidence: EvidenceLine[];
  timeline: TimelineEntry[];
  replies: Reply[];
}

const OPEN_STATES = new Set(["ISSUED", "SIGNED", "RECTIFYING", "RETURNED"]);

const issued = (at: string): TimelineEntry => ({ kind: "issued", at, by: OFFICE, round: 1, text: null });
const signed = (at: string): TimelineEntry => ({ kind: "signed", at, by: NAME, round: 1, text: null });
const line = (label: string, value: string, orderLine: string | null = null): EvidenceLine => ({
  label,
  value,
  orderLine,
});

function reply(round: number, at: string, cause: string, measures: string, key: string): Reply {
  return {
    round,
    cause,
    measures,
    finishBy: at.slice(0, 10),
    responsible: NAME,
    attachments: [{ sha256: "5f".repeat(32), name: "整改情况说明（盖章）.pdf", size: 482_113 }],
    operator: NAME,
    submittedAt: at,
    clientKey: key,
  };
}

export function seedNotices(): NoticeSeed[] {
  return [
    {
      id: "N-1041",
      code: "澜医保督〔2026〕1041号",
      title: "关于国家组织人工关节集中带量采购协议执行进度滞后的督办通知",
      level: "serious",
      issuedAt: "2026-11-13T10:20:00+08:00",
      workingDays: 5,
      state: "SIGNED",
      stateText: "已签收",
      round: 1,
      body:
        "截至2026年11月12日，望溪区人民医院执行国家组织人工关节集中带量采购（协议期满接续采购）中“全膝关节系统”（淮屿澄砚医疗器械有限公司）协议：" +
        "约定采购量240套，累计验收118套，协议完成率49.17%，同期序时进度62.47%，滞后13.30个百分点。\n" +
        "请分析原因，制定补采计划，确保协议期内完成约定采购量，并在规定时限内反馈。",
      ruleName: VOLUME_16,
      clause:
        "第九条 医疗机构应当按序时进度完成协议采购量。完成率低于序时进度10个百分点以上的，由医疗保障部门予以督办。",
      indicatorId: "progress-lag",
      returnReason: "",
      evidence: [
        line("约定采购量", "240 套"),
        line("累计验收", "118 套"),
        line("协议完成率", "49.17%"),
        line("同期序时进度", "62.47%"),
        line("最近一次订单", "DD20261108000317-01 全膝关节系统 6 套", "L-00012"),
      ],
      timeline: [issued("2026-11-13T10:20:00+08:00"), signed("2026-11-13T14:05:31+08:00")],
      replies: [],
    },
    {
      id: "N-1044",
      code: "澜医保督〔2026〕1044号",
      title: "关于你院医用耗材到货未及时验收的督办通知",
      level: "warning",
      issuedAt: "2026-11-16T09:02:11+08:00",
      workingDays: 5,
      state: "SIGNED",
      stateText: "已签收",
      round: 1,
      body: "经平台监测，望溪区人民医院自2026年10月15日至2026年11月14日有3条到货记录超过48小时未完成验收入库，涉及金额41,860.00元（明细见佐证）。请核实原因，尽快完成验收或据实登记拒收，并在规定时限内通过系统反馈整改情况。",
      ruleName: MEASURES_21,
      clause:
        "第十二条第二款 医疗机构应当自货物送达之日起二个自然日内完成验收，并在平台如实填报验收数量、批号和有效期。",
      indicatorId: "receipt-timeliness",
      returnReason: "",
      evidence: [
        line("DD20261019000021-02 冠脉药物涂层球囊导管 Φ2.75mm×20mm", "送达 10-21 16:40，未验收", "L-00003"),
        line("DD20261026000104-01 一次性使用吻合器 60mm", "送达 10-28 09:15，验收用时 71 小时", "L-00007"),
        line("DD20261103000233-01 冠脉造影导管 6F JL4.0", "送达 11-05 11:02，未验收", "L-00009"),
      ],
      timeline: [issued("2026-11-16T09:02:11+08:00"), signed("2026-11-16T09:40:52+08:00")],
      replies: [],
    },
    {
      id: "N-1029",
      code: "澜医保督〔2026〕1029号",
      title: "关于网下采购未备案补录的督办通知",
      level: "warning",
      issuedAt: "2026-10-29T15:30:00+08:00",
      workingDays: 5,
      statedOn: "2026-11-25",
      state: "RETURNED",
      stateText: "已退回",
      round: 2,
      body: "经比对望溪区人民医院上报的院内出库数据与平台订单，2026年第三季度线上采购率为93.62%，低于95%的要求，其中4笔网下采购未办理备案补录，涉及金额28,430.00元。请逐笔核实，符合备案条件的及时补录，应当网采的转为线上采购，并在规定时限内反馈。",
      ruleName: MEASURES_21,
      clause:
        "第八条 公立医疗机构使用的医用耗材应当在平台采购。因急救、抢修等特殊情形网下采购的，应当在五个工作日内备案补录。",
      indicatorId: "online-purchase-rate",
      returnReason:
        "整改措施未说明所列网下采购的逐笔处理结果，且未提供企业挂网申请的进展。请补充明细后重新反馈。",
      evidence: [line("线上采购率", "93.62%（要求 ≥ 95%）"), line("未备案网下采购", "4 笔，28,430.00 元")],
      timeline: [
        issued("2026-10-29T15:30:00+08:00"),
        signed("2026-10-29T16:12:09+08:00"),
        { kind: "replied", at: "2026-11-04T16:48:20+08:00", by: NAME, round: 1, text: null },
        {
          kind: "returned",
          at: "2026-11-18T10:05:00+08:00",
          by: OFFICE,
          round: 1,
          text: "整改措施未说明所列网下采购的逐笔处理结果，且未提供企业挂网申请的进展。请补充明细后重新反馈。",
        },
      ],
      replies: [
        reply(
          1,
          "2026-11-04T16:48:20+08:00",
          "夜间急诊手术临时向供货企业紧急调货，事后未及时在平台补录；个别产品企业尚未挂网。",
          "一、已对所列采购逐笔核实，符合条件的提交备案补录；二、急诊用耗材增设备货目录，减少网下采购。",
          "01995d1e-2b1a-7c3e-9a40-1f0f5f6a1029",
        ),
      ],
    },
    {
      id: "N-1036",
      code: "澜医保督〔2026〕1036号",
      title: "关于医用耗材货款未及时结算的督办通知",
      level: "serious",
      issuedAt: "2026-11-10T08:45:00+08:00",
      workingDays: 5,
      state: "REPLIED",
      stateText: "已反馈",
      round: 1,
      body: "截至2026年11月9日，望溪区人民医院有7笔结算单超过约定付款期限未支付，涉及金额186,240.50元，最长逾期23天。请核实原因，抓紧办理结算支付，并在规定时限内反馈。",
      ruleName: "《云岭省公立医疗机构药品和医用耗材货款结算管理规定》（岭医保发〔2022〕30号）",
      clause:
        "第六条 医疗机构应当自验收合格之日起次月底前结清货款；超期未结的，由医疗保障部门督办并纳入考核。",
      indicatorId: "payment-timeliness",
      returnReason: "",
      evidence: [line("逾期结算单", "7 笔，186,240.50 元"), line("最长逾期", "23 天")],
      timeline: [
        issued("2026-11-10T08:45:00+08:00"),
        signed("2026-11-10T11:20:47+08:00"),
        { kind: "replied", at: "2026-11-17T16:58:33+08:00", by: "李文涛", round: 1, text: null },
      ],
      replies: [
        {
          ...reply(
            1,
            "2026-11-17T16:58:33+08:00",
            "部分供货企业发票开具不规范被退回，重新开票后付款流程顺延。",
            "财务科已将到期结算单列入本周付款计划；采购办每月5日前完成上月发票验证。",
            "01999a90-3310-7b2c-a1f0-6d0c9be01036",
          ),
          responsible: "李文涛",
          operator: "李文涛",
          attachments: [],
        },
      ],
    },
    {
      id: "N-1038",
      code: "澜医保督〔2026〕1038号",
      title: "关于配送不及时未督促处理的督办通知",
      level: "notice",
      issuedAt: "2026-11-11T15:18:00+08:00",
      workingDays: 5,
      state: "RECTIFYING",
      stateText: "整改中",
      round: 1,
      body: "2026年10月1日至11月10日，望溪区人民医院订单明细中有6条超过配送时限到货，平台未见你院催办或供应问题反馈记录。请核实对临床的影响，督促配送企业整改，必要时提交供应问题反馈。",
      ruleName: MEASURES_21,
      clause: "第十条 配送企业应当自接单起24小时内送达，最长不超过48小时；急救用耗材4小时内送达。",
      indicatorId: "delivery-timeliness",
      returnReason: "",
      evidence: [line("DD20261105000100-01 微导管 1.8F", "时限 4 小时，用时 9 小时 12 分", "L-00022")],
      timeline: [issued("2026-11-11T15:18:00+08:00"), signed("2026-11-11T16:01:22+08:00")],
      replies: [],
    },
    {
      id: "N-1047",
      code: "岭医保督〔2026〕87号",
      title: "关于开展医用耗材追溯码接入专项整改的督办通知",
      level: "notice",
      issuedAt: "2026-11-19T11:00:00+08:00",
      workingDays: 33,
      state: "ISSUED",
      stateText: "已下发",
      round: 1,
      body: "你院带码采购占比为71.40%。请在三十三个工作日内完成验收环节追溯码采集改造，并通过系统反馈完成情况。",
      ruleName: "《云岭省医疗保障局关于做好医用耗材追溯码采集应用工作的通知》（岭医保发〔2026〕9号）",
      clause: "第三部分第二项 医疗机构应当在验收环节采集并上传追溯码。",
      indicatorId: "code-coverage",
      returnReason: "",
      evidence: [line("带码采购", "71.40%")],
      timeline: [issued("2026-11-19T11:00:00+08:00")],
      replies: [],
    },
    {
      id: "N-1018",
      code: "澜医保督〔2026〕1018号",
      title: "关于2026年第三季度供应企业满意度评价未完成的督办通知",
      level: "notice",
      issuedAt: "2026-10-15T14:00:00+08:00",
      workingDays: 5,
      state: "REPLIED",
      stateText: "已反馈",
      round: 1,
      body: "截至2026年10月14日，望溪区人民医院第三季度应对21家生产、配送企业开展满意度评价，已完成13家，完成率61.90%。请组织使用科室尽快完成评价，并在规定时限内反馈。",
      ruleName: "《澜川市公立医疗机构医用耗材阳光交易全流程监管工作方案》（澜医保发〔2024〕18号）",
      clause: "第四部分第五项 医疗机构应当按季度对有采购往来的生产企业和配送企业作出满意度评价。",
      indicatorId: "evaluation-completion",
      returnReason: "",
      evidence: [line("应评价企业", "21 家"), line("已评价", "13 家")],
      timeline: [
        issued("2026-10-15T14:00:00+08:00"),
        signed("2026-10-15T15:21:00+08:00"),
        { kind: "replied", at: "2026-10-20T10:31:44+08:00", by: NAME, round: 1, text: null },
      ],
      replies: [
        reply(
          1,
          "2026-10-20T10:31:44+08:00",
          "评价工作由采购办一人承担，使用科室意见收集较慢。",
          "一、已完成剩余企业评价；二、明确AB岗，避免因人员请假延误。",
          "01995a02-77d4-7a11-8c52-4be0a1d71018",
        ),
      ],
    },
    {
      id: "N-0921",
      code: "澜医保督〔2025〕921号",
      title: "关于配送不及时未督促处理的督办通知",
      level: "notice",
      issuedAt: "2025-09-28T16:40:00+08:00",
      workingDays: 5,
      state: "CLOSED",
      stateText: "已销号",
      round: 1,
      body: "2025年8月1日至9月26日，望溪区人民医院订单明细中有9条超过配送时限到货，平台未见你院催办或供应问题反馈记录。请核实对临床的影响，督促配送企业整改。",
      ruleName: MEASURES_21,
      clause: "第十条 配送企业应当自接单起24小时内送达，最长不超过48小时；急救用耗材4小时内送达。",
      indicatorId: "delivery-timeliness",
      returnReason: "",
      evidence: [line("超时到货", "9 条")],
      timeline: [
        issued("2025-09-28T16:40:00+08:00"),
        signed("2025-09-28T17:02:10+08:00"),
        { kind: "replied", at: "2025-10-10T15:12:03+08:00", by: NAME, round: 1, text: null },
        {
          kind: "closed",
          at: "2025-10-14T09:00:00+08:00",
          by: OFFICE,
          round: 1,
          text: "整改到位，予以销号。",
        },
      ],
      replies: [
        reply(
          1,
          "2025-10-10T15:12:03+08:00",
          "部分产品由外市仓库调拨，配送企业未提前告知；采购人员未在平台登记催办。",
          "一、约谈两家配送企业；二、超过24小时未送达的当日在平台登记供应问题。",
          "0199fd3a-10c2-7d6f-b1c2-90b1f2e80921",
        ),
      ],
    },
  ];
}

export function rowOf(
  seed: NoticeSeed,
  clock: Clock,
  more: Pick<NoticeRow, "replyWaiting" | "replyInReview" | "hasDraft">,
): NoticeRow {
  const { id, code, title, level, issuedAt, state, stateText, round } = seed;
  const returned = seed.timeline.find(({ kind }) => kind === "returned");
  const deadline = deadlineOf(
    (returned?.at ?? issuedAt).slice(0, 10),
    seed.workingDays,
    clock.today(),
    seed.statedOn,
  );
  const issuer = code.startsWith("岭") ? "云岭省医疗保障局" : OFFICE;
  const open = OPEN_STATES.has(state);
  return { id, code, title, issuer, level, issuedAt, deadline, state, stateText, open, round, ...more };
}

export function detailOf(
  seed: NoticeSeed,
  row: NoticeRow,
  rest: Pick<NoticeDetail, "draft" | "alsoDrafting" | "submissions">,
): NoticeDetail {
  const { body, ruleName, clause, indicatorId, returnReason, evidence, timeline, replies } = seed;
  return {
    row,
    body,
    ruleName,
    clause,
    indicatorId,
    returnReason,
    evidence,
    timeline,
    replies,
    ...rest,
  };
}
