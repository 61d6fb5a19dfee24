//! The log's codes in Chinese.

use sunbench_contract::SubmissionKind;

use crate::wire::OutboxState;

/// A submission kind as people call it; a kind that this version does not know keeps its code.
pub(crate) fn kind_name(kind: &str) -> &str {
    let Some(known) = SubmissionKind::from_name(kind) else { return kind };
    match known {
        SubmissionKind::CheckIn => "打卡",
        SubmissionKind::OrderSubmit => "提交订单",
        SubmissionKind::OrderCancel => "撤单",
        SubmissionKind::ReceiptCreate => "收货",
        SubmissionKind::ReceiptConfirm => "实际验收",
        SubmissionKind::ReturnCreate => "退货",
        SubmissionKind::FilingCreate => "备案补录",
        SubmissionKind::DemandReportSubmit => "报量",
        SubmissionKind::AgreementSign => "签订协议",
        SubmissionKind::SupplyIssueCreate => "反馈供应问题",
        SubmissionKind::SupplyIssueClose => "供应问题已解决",
        SubmissionKind::EvaluationCreate => "满意度评价",
        SubmissionKind::NoticeSign => "签收督办通知",
        SubmissionKind::NoticeReply => "反馈督办通知",
        SubmissionKind::NegotiationInvite => "邀请议价",
        SubmissionKind::NegotiationDecide => "议价结论",
        SubmissionKind::InvoiceVerify => "发票验证",
        SubmissionKind::SettlementCreate => "创建结算单",
        SubmissionKind::SettlementConfirm => "确认结算单",
    }
}

/// What an entry tells, in a few words; an action that is not known here keeps its code.
pub(super) fn action(code: &str) -> &str {
    match code {
        "submission.queued" => "写入待发箱",
        "notice.sign.queued" => "签收写入待发箱",
        "notice.reply.queued" => "反馈写入待发箱",
        "receipt.create.queued" => "收货写入待发箱",
        "receipt.confirm.queued" => "实际验收写入待发箱",
        "order.submit.queued" => "订单写入待发箱",
        "order.cancel.queued" => "撤单写入待发箱",
        "return.create.queued" => "退货写入待发箱",
        "supplyIssue.create.queued" => "供应问题写入待发箱",
        "supplyIssue.close.queued" => "供应问题解决写入待发箱",
        "evaluation.create.queued" => "满意度评价写入待发箱",
        "demandReport.submit.queued" => "报量写入待发箱",
        "checkIn.queued" => "打卡写入待发箱",
        "outbox.requeued" => "以新的提交号重新写入待发箱",
        "outbox.withdrawn" => "撤回",
        "outbox.partial.acknowledged" => "确认部分明细被拒",
        "order.refused.taken" => "被拒明细另起草稿",
        "orderTemplate.saved" => "保存订单模板",
        "orderTemplate.removed" => "删除订单模板",
        "request.saved" => "登记科室申请",
        "request.removed" => "删除科室申请",
        "request.gathered" => "科室申请汇总成订单",
        "transfer.recorded" => "登记院间调剂",
        "transfer.removed" => "删除院间调剂记录",
        "review.approved" => "复核通过",
        "review.returned" => "复核退回",
        "review.required" => "开始要求双人复核",
        "review.released" => "不再要求双人复核",
        "duty.set" => "更改岗位分工",
        "absence.added" => "登记外出",
        "absence.removed" => "撤销外出",
        "campuses.set" => "更改院区",
        "attachment.sent" => "附件已送达平台",
        "attachment.opened" => "用系统程序打开附件",
        "attachment.saved" => "附件另存到档案之外",
        "submission.sent" => "开始发送",
        "submission.accepted" => "平台已受理",
        "submission.refused" => "平台退回",
        "submission.needsDecision" => "平台答复需人裁定",
        "connected" => "登录平台",
        "signIn.refused" => "登录平台被拒",
        "profile.created" => "新建档案，显示恢复码",
        "profile.unlocked" => "解锁档案",
        "profile.unlockFailed" => "解锁失败",
        "profile.locked" => "锁定档案",
        "profile.restored" => "恢复备份",
        "signedOut" => "退出登录并清除凭据",
        "seat.closed" => "平台席位随退出登录处理",
        "seat.new" => "恢复备份后换用新的平台席位",
        "person.passphraseSet" => "设置个人口令",
        "person.passphraseChanged" => "更改个人口令",
        "person.passphraseRemoved" => "取消个人口令",
        "passphrase.set" => "设置口令",
        "lock.set" => "更改自动锁定",
        "backup.made" => "备份",
        "backup.scheduled" => "更改定时备份",
        "key.rotated" => "更换数据密钥",
        "bundle.exported" => "写出摆渡包",
        "bundle.relayed" => "代发摆渡包",
        "bundle.imported" => "读入摆渡包",
        "bundle.dropped" => "作废摆渡包",
        "profile.salvaged" => "抢救受损的档案",
        "recoveryCode.renewed" => "更换恢复码并显示",
        "ledger.imported" => "导入台账",
        "ledger.undone" => "撤销台账导入",
        "importProfile.exported" => "导出导入方案",
        "importProfile.read" => "读入导入方案",
        "reconcile.decided" => "对账处理",
        "reconcile.undone" => "撤回对账处理",
        "reconcile.confirmed" => "更改别名与换算系数",
        "reconcile.tolerancesSet" => "更改对账容差",
        "statement.signed" => "签对账单",
        "statement.saved" => "对账单写入文件",
        "listing.exported" => "导出清单",
        "audit.exported" => "导出审计日志",
        "audit.accepted" => "从此处接续审计日志",
        other => other,
    }
}

pub(super) fn outcome(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Queued => "等待发送",
        OutboxState::Sending => "发送中，尚无答复",
        OutboxState::Exported => "已写入摆渡包，尚无答复",
        OutboxState::Accepted => "已受理",
        OutboxState::Refused => "被退回",
        OutboxState::NeedsDecision => "待裁定",
        OutboxState::Withdrawn => "已撤回",
        OutboxState::AwaitingReview => "待复核",
        OutboxState::Returned => "复核退回",
    }
}

/// What a record is called that an entry is about.
pub(super) fn document(document: &str) -> &str {
    match document.split_once(':').map_or(document, |(kind, _)| kind) {
        "notice" => "督办通知",
        "checkIn" => "打卡",
        "delivery" => "配送单",
        "receipt" => "收货单",
        "order" => "订单",
        "settlement" => "结算单",
        "profile" => "档案",
        "account" => "平台连接",
        "attachment" => "附件",
        "filing" => "备案补录",
        "ledger" => "台账",
        "reconcile" => "对账",
        "export" => "清单",
        other => other,
    }
}
