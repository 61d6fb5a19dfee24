import type { Draft, OutboxItem } from "@/bindings/wire";
import { UNTOUCHED } from "./outbox";
import { NAME } from "./people";

const item = (
  key: string,
  kind: string,
  subject: string,
  title: string,
  rest: Partial<OutboxItem>,
): OutboxItem => ({
  ...UNTOUCHED,
  key,
  kind,
  subject,
  subjectTitle: title,
  state: "accepted",
  attempts: 1,
  createdAt: "2026-10-20T10:31:41+08:00",
  sentAt: "2026-10-20T10:31:42+08:00",
  settledAt: "2026-10-20T10:31:45+08:00",
  acceptedAt: "2026-10-20T10:31:44+08:00",
  digest: "3f1c9a7e0b".repeat(7).slice(0, 64),
  ...rest,
});

/** One of each kind that a clerk meets: accepted, refused, and a colleague who was faster. */
export function seedSubmissions(): OutboxItem[] {
  return [
    item(
      "01995a02-77d4-7a11-8c52-4be0a1d71018",
      "notice.reply",
      "N-1018",
      "关于2026年第三季度供应企业满意度评价未完成的督办通知",
      {},
    ),
    item(
      "01999b20-5c11-7f0e-9d3a-77b2a0c41036",
      "notice.reply",
      "N-1036",
      "关于医用耗材货款未及时结算的督办通知",
      {
        state: "needsDecision",
        createdAt: "2026-11-17T17:20:08+08:00",
        sentAt: "2026-11-17T17:20:09+08:00",
        settledAt: "2026-11-17T17:20:10+08:00",
        acceptedAt: null,
        errorCode: "CONFLICT",
        errorText: "本轮反馈已由他人提交",
        digest: "9ad04be7c2".repeat(7).slice(0, 64),
        other: {
          operator: "李文涛",
          at: "2026-11-17T16:58:33+08:00",
          text: "部分供货企业发票开具不规范被退回，重新开票后付款流程顺延。\n财务科已将到期结算单列入本周付款计划；采购办每月5日前完成上月发票验证。",
        },
      },
    ),
    item(
      "01999b31-0a77-7e25-8b55-2c1de0f01038",
      "notice.reply",
      "N-1038",
      "关于配送不及时未督促处理的督办通知",
      {
        state: "refused",
        createdAt: "2026-11-18T17:02:00+08:00",
        sentAt: "2026-11-18T17:02:01+08:00",
        settledAt: "2026-11-18T17:02:02+08:00",
        acceptedAt: null,
        errorCode: "FIELD_INVALID",
        errorText: "完成时限不能早于提交日期",
      },
    ),
  ];
}

/** What was being written. */
export function seedDrafts(): [string, Draft][] {
  const draft = (rest: Partial<Draft>): Draft => ({
    round: 1,
    cause: "",
    measures: "",
    finishBy: null,
    responsible: NAME,
    attachments: [],
    editedAt: "2026-11-18T17:01:12+08:00",
    editedBy: NAME,
    ...rest,
  });
  return [
    [
      "N-1036",
      draft({
        cause: "医院资金集中支付计划于每月中旬安排，本期付款计划未覆盖全部到期结算单。",
        measures: "一、优先支付所列逾期结算单；二、付款计划改为每月两次；三、到期前十日由系统提示。",
        finishBy: "2026-11-27",
      }),
    ],
    [
      "N-1038",
      draft({
        cause: "部分产品由外市仓库调拨，配送企业未提前告知；采购人员未在平台登记催办。",
        measures: "一、约谈两家配送企业；二、超过24小时未送达的当日在平台登记供应问题。",
        finishBy: "2026-11-13",
      }),
    ],
  ];
}

/** A colleague's order that awaits review, and an own filing that came back from it. */
export function seedReviews(): OutboxItem[] {
  const kept = { attempts: 0, sentAt: null, settledAt: null, acceptedAt: null };
  return [
    item("0199a0c1-1c22-7b10-9a01-5f20a1c0b101", "order.submit", "0199a0c1", "", {
      ...kept,
      state: "awaitingReview",
      createdAt: "2026-11-20T08:41:12+08:00",
      actor: "liuyang",
      actorName: "刘洋",
      own: false,
    }),
    item("0199a0c1-2d33-7c20-9b02-6a31b2d1c202", "filing.create", "F-9", "胆道支架 8mm×60mm", {
      ...kept,
      state: "returned",
      createdAt: "2026-11-19T16:20:45+08:00",
      reviewer: "刘洋",
      reviewedAt: "2026-11-19T17:05:10+08:00",
      reviewReason: "请附手术记录，并写明供货企业全称",
    }),
    item("0199a0c1-3e44-7d30-9c03-7b42c3e2d303", "order.submit", "0199a0c2", "", {
      ...kept,
      state: "awaitingReview",
      createdAt: "2026-11-20T08:55:03+08:00",
    }),
  ];
}
