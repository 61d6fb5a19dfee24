//! Business documents and their states, as tables of allowed transitions.
//!
//! A platform's state is kept three ways: its raw code, its text, and our canonical state. Late and
//! overdue are flags computed from clocks, never states.

use std::fmt;

/// A canonical state of one kind of document.
pub trait State: Copy + Eq + fmt::Debug + Sized + 'static {
    /// Every state, in the order of a document's life.
    const ALL: &'static [Self];
    /// The name in the database, on the wire and in scripts, such as `SHIPPED`.
    fn code(self) -> &'static str;
    /// The official Chinese term.
    fn text_zh(self) -> &'static str;
    /// The platforms' raw code.
    fn raw(self) -> &'static str;
    /// The states that may follow this one.
    fn next(self) -> &'static [Self];

    /// Whether `to` may follow this state.
    fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
    /// Whether nothing follows.
    fn is_final(self) -> bool {
        self.next().is_empty()
    }
    /// From [`State::code`].
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.code() == code)
    }
    /// From the platforms' raw code; `None` for one that a later platform added.
    fn from_raw(raw: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.raw() == raw)
    }
}

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $raw:literal $code:literal $text:literal => [$($next:ident),*];)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $text] $variant,)+
        }
        impl State for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
            fn text_zh(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
            fn raw(self) -> &'static str {
                match self { $(Self::$variant => $raw,)+ }
            }
            fn next(self) -> &'static [Self] {
                match self { $(Self::$variant => &[$(Self::$next),*],)+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

states! {
    /// 订单明细状态. Raw codes as in the HSNN family of platforms; raw 6 (未及时配送) is the flag LATE on
    /// [`OrderLineState::Accepted`], not a state. Part-shipped follows from quantities.
    OrderLineState {
        Draft "0" "DRAFT" "待提交" => [Submitted, Cancelled];
        Submitted "1" "SUBMITTED" "待响应" => [Accepted, Refused, Cancelled];
        Accepted "2" "ACCEPTED" "待配送" => [Shipped, ShipRefused, Cancelled];
        Refused "3" "REFUSED" "拒绝响应" => [];
        Shipped "4" "SHIPPED" "待收货" => [Receiving, Received];
        ShipRefused "5" "SHIP_REFUSED" "拒绝配送" => [];
        Receiving "7" "RECEIVING" "收货中" => [Received];
        Received "8" "RECEIVED" "已收货" => [];
        Cancelled "9" "CANCELLED" "已撤单" => [];
    }
}

/// The raw code 未及时配送: late on [`OrderLineState::Accepted`].
pub const RAW_LATE: &str = "6";

impl OrderLineState {
    /// The canonical state and whether the platform calls the line late (未及时配送).
    #[must_use]
    pub fn from_platform(raw: &str) -> Option<(Self, bool)> {
        if raw == RAW_LATE { Some((Self::Accepted, true)) } else { Self::from_raw(raw).map(|s| (s, false)) }
    }
}

states! {
    /// 配送单状态. One order line may be delivered several times.
    DeliveryState {
        Waiting "0" "WAITING" "待确认" => [Confirmed, Void];
        Confirmed "1" "CONFIRMED" "已确认未验收" => [Accepting, Stored, Void];
        Accepting "2" "ACCEPTING" "验收中" => [Stored];
        Stored "3" "STORED" "已入库" => [];
        Void "9" "VOID" "作废" => [];
    }
}

states! {
    /// 收货（验收）单状态: pre-acceptance and actual acceptance.
    ReceiptState {
        PreAccepted "0" "PRE_ACCEPTED" "预验收" => [Accepted, Rejected];
        Accepted "1" "ACCEPTED" "已验收" => [];
        Rejected "2" "REJECTED" "拒收" => [];
    }
}

states! {
    /// 退货单状态, for returns and price-difference returns alike.
    ReturnState {
        Draft "0" "DRAFT" "草稿" => [Waiting];
        Waiting "1" "WAITING" "待企业确认" => [Confirmed, Refused];
        Confirmed "2" "CONFIRMED" "已确认" => [];
        Refused "3" "REFUSED" "已拒绝" => [];
    }
}

states! {
    /// 发票状态.
    InvoiceState {
        Draft "0" "DRAFT" "草稿" => [Waiting];
        Waiting "1" "WAITING" "待验证" => [Verified, Refused];
        Verified "2" "VERIFIED" "已验证" => [Paid];
        Refused "3" "REFUSED" "已退回" => [];
        Paid "4" "PAID" "已付款" => [];
    }
}

states! {
    /// 结算单状态.
    SettlementState {
        Draft "0" "DRAFT" "草稿" => [Submitted];
        Submitted "1" "SUBMITTED" "已提交" => [Reconciling];
        Reconciling "2" "RECONCILING" "对账中" => [Disputed, Approved];
        Disputed "3" "DISPUTED" "有异议" => [Reconciling];
        Approved "4" "APPROVED" "已审核" => [Paid];
        Paid "5" "PAID" "已支付" => [];
    }
}

states! {
    /// 议价邀请状态.
    NegotiationState {
        Invited "0" "INVITED" "已邀请" => [Answered, Refused, Expired];
        Answered "1" "ANSWERED" "已应答" => [Agreed, Failed];
        Refused "2" "REFUSED" "已拒绝" => [];
        Expired "3" "EXPIRED" "逾期未应答" => [];
        Agreed "4" "AGREED" "议价成功" => [];
        Failed "5" "FAILED" "议价失败" => [];
    }
}

states! {
    /// 备案补录状态.
    FilingState {
        Draft "0" "DRAFT" "草稿" => [Submitted];
        Submitted "1" "SUBMITTED" "已提交" => [Approved, Returned];
        Approved "2" "APPROVED" "已通过" => [Linked];
        Returned "3" "RETURNED" "已退回" => [Submitted];
        Linked "4" "LINKED" "已关联" => [];
    }
}

states! {
    /// 报量（采购需求填报）状态.
    DemandReportState {
        Draft "0" "DRAFT" "草稿" => [Submitted];
        Submitted "1" "SUBMITTED" "已提交" => [Returned, Approved];
        Returned "2" "RETURNED" "退回修改" => [Submitted];
        Approved "3" "APPROVED" "已通过" => [Signed];
        Signed "4" "SIGNED" "已签协议" => [];
    }
}

states! {
    /// 带量采购协议状态.
    AgreementState {
        Pending "0" "PENDING" "待签订" => [Signed, Disputed];
        Signed "1" "SIGNED" "已签订" => [Running];
        Running "2" "RUNNING" "执行中" => [Expired];
        Expired "3" "EXPIRED" "已到期" => [];
        Disputed "4" "DISPUTED" "有异议" => [Pending, Signed];
    }
}

states! {
    /// 合同状态, for purchase contracts (购销合同) and clean-dealing contracts (廉洁购销合同).
    ContractState {
        Pending "0" "PENDING" "待签订" => [Signed];
        Signed "1" "SIGNED" "已签订" => [Expired];
        Expired "2" "EXPIRED" "已到期" => [];
    }
}

states! {
    /// 供应问题状态.
    SupplyIssueState {
        Reported "0" "REPORTED" "已上报" => [Answered, Verified, Unfounded];
        Answered "1" "ANSWERED" "企业已回复" => [Verified, Unfounded, Resolved];
        Verified "2" "VERIFIED" "已核实" => [Resolved];
        Unfounded "3" "UNFOUNDED" "核实不属实" => [];
        Resolved "4" "RESOLVED" "已解决" => [];
    }
}

states! {
    /// 满意度评价状态.
    EvaluationState {
        Due "0" "DUE" "待评价" => [Made];
        Made "1" "MADE" "已评价" => [];
    }
}

states! {
    /// 督办通知状态. The deadline runs from the issue, not from the signing; each return opens a new round.
    NoticeState {
        Issued "0" "ISSUED" "已下发" => [Signed];
        Signed "1" "SIGNED" "已签收" => [Rectifying, Replied];
        Rectifying "2" "RECTIFYING" "整改中" => [Replied];
        Replied "3" "REPLIED" "已反馈" => [Closed, Returned];
        Returned "4" "RETURNED" "已退回" => [Replied];
        Closed "5" "CLOSED" "已销号" => [];
    }
}

impl NoticeState {
    /// Whether the hospital still owes an answer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Issued | Self::Signed | Self::Rectifying | Self::Returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    /// Codes and raw codes are unique, every state is reached from the first one, and no state precedes itself.
    fn check<S: State + std::hash::Hash>(transitions: usize) {
        let codes: BTreeSet<_> = S::ALL.iter().map(|s| s.code()).collect();
        let raws: BTreeSet<_> = S::ALL.iter().map(|s| s.raw()).collect();
        assert_eq!((codes.len(), raws.len()), (S::ALL.len(), S::ALL.len()));
        let mut seen = HashSet::from([S::ALL[0]]);
        let mut todo = vec![S::ALL[0]];
        while let Some(state) = todo.pop() {
            todo.extend(state.next().iter().copied().filter(|n| seen.insert(*n)));
        }
        assert_eq!(seen.len(), S::ALL.len(), "every state is reachable");
        for state in S::ALL {
            assert!(!state.may_become(*state));
            assert_eq!(S::from_code(state.code()), Some(*state));
            assert_eq!(S::from_raw(state.raw()), Some(*state));
        }
        assert_eq!(S::ALL.iter().map(|s| s.next().len()).sum::<usize>(), transitions);
    }

    #[test]
    fn tables_are_sound() {
        check::<OrderLineState>(11);
        check::<DeliveryState>(6);
        check::<ReceiptState>(2);
        check::<ReturnState>(3);
        check::<InvoiceState>(4);
        check::<SettlementState>(6);
        check::<NegotiationState>(5);
        check::<FilingState>(5);
        check::<DemandReportState>(5);
        check::<AgreementState>(6);
        check::<ContractState>(2);
        check::<SupplyIssueState>(7);
        check::<EvaluationState>(1);
        check::<NoticeState>(7);
    }

    #[test]
    fn late_is_a_flag_of_accepted() {
        assert_eq!(OrderLineState::from_platform("6"), Some((OrderLineState::Accepted, true)));
        assert_eq!(OrderLineState::from_platform("2"), Some((OrderLineState::Accepted, false)));
        assert_eq!(OrderLineState::from_platform("77"), None);
    }
}
