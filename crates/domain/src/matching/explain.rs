//! 说明: results in words, for the command line, the statement and whoever asks why.

use super::outcome::{Action, DifferenceKind, Field, Fields, Finding, Owner, Pass, Reason, Slip};

impl Field {
    /// The column's name.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Key => "透传键",
            Self::OrderLine => "订单明细编号",
            Self::DeliveryLine => "配送明细编号",
            Self::Order => "订单编号",
            Self::Code => "医保编码",
            Self::Udi => "UDI",
            Self::Item => "院内编码",
            Self::Name => "产品名称",
            Self::Spec => "规格型号",
            Self::Supplier => "配送企业",
            Self::Lot => "批号",
            Self::Serial => "序列号",
            Self::Expiry => "效期",
            Self::Quantity => "数量",
            Self::Unit => "单位",
            Self::Price => "单价",
            Self::Amount => "金额",
            Self::Date => "日期",
        }
    }
}

impl Fields {
    /// The columns' names, in order, between 、.
    #[must_use]
    pub fn text_zh(self) -> String {
        self.iter().map(Field::text_zh).collect::<Vec<_>>().join("、")
    }
}

impl Pass {
    /// The number as the design counts them; nought is a person's hand.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The pass in a few words.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Hand => "手工勾对",
            Self::Key => "按单据键",
            Self::Goods => "按产品、批号和数量",
            Self::Sum => "按数量合计",
            Self::Unit => "按单位换算",
            Self::Near => "近似匹配",
        }
    }
}

impl Slip {
    fn text_zh(self) -> String {
        match self {
            Self::Transposed { field } => format!("{}有相邻两位颠倒", field.text_zh()),
            Self::OneCharacter { field } => format!("{}有一位不同", field.text_zh()),
            Self::CutShort { field } => format!("{}不完整", field.text_zh()),
            Self::Different { field } => format!("{}不同", field.text_zh()),
            Self::KeyMissing => "一方没有单据键".to_owned(),
            Self::Days { days } => format!("日期相差 {} 天", days.abs()),
            Self::Tax { percent } => format!("单价相差 {percent}% 的税"),
        }
    }
}

impl Reason {
    /// The reason as one sentence.
    ///
    /// ```
    /// use sunbench_domain::matching::{Field, Fields, Finding, Reason};
    /// let reason = Reason {
    ///     finding: Finding::SameKey { key: Field::OrderLine },
    ///     agree: Fields::from(vec![Field::Code, Field::Lot]),
    ///     differ: Fields::from(vec![Field::Quantity]),
    /// };
    /// assert_eq!(reason.text_zh(), "订单明细编号相同；一致：医保编码、批号；不一致：数量");
    /// ```
    #[must_use]
    pub fn text_zh(&self) -> String {
        let found = match &self.finding {
            Finding::LinkedByHand => "人工勾对".to_owned(),
            Finding::SameKey { key: Field::Order } => "订单编号和产品相同".to_owned(),
            Finding::SameKey { key } => format!("{}相同", key.text_zh()),
            Finding::SameGoods => "产品、批号、数量和时间相符，没有其他候选".to_owned(),
            Finding::ExactSum { parts } => format!("{parts} 行数量合计相等"),
            Finding::Converted { left, right, known } => {
                let source = if *known {
                    "按已确认的换算系数"
                } else {
                    "按本次数据推出的换算系数"
                };
                format!("{source}，左方 1 单位合右方 {} 单位，金额相符", ratio(*left, *right))
            }
            Finding::Near { slip } => format!("{}，其余相符，没有其他候选", slip.text_zh()),
            Finding::EquallyGood => "多行同样相符，请人工选择".to_owned(),
            Finding::TooLittle => "只有一个候选，但相符项不足".to_owned(),
        };
        let list = |title: &str, fields: Fields| match fields.text_zh() {
            text if text.is_empty() => String::new(),
            text => format!("；{title}：{text}"),
        };
        format!("{found}{}{}", list("一致", self.agree), list("不一致", self.differ))
    }
}

fn ratio(left: u32, right: u32) -> String {
    if right == 1 { left.to_string() } else { format!("{left}/{right}") }
}

impl DifferenceKind {
    /// All kinds.
    pub const ALL: [Self; 17] = [
        Self::QuantityShort,
        Self::QuantityOver,
        Self::PriceDiffers,
        Self::AmountDiffers,
        Self::CodeDiffers,
        Self::UnitDiffers,
        Self::LotDiffers,
        Self::ExpiryDiffers,
        Self::NotOnPlatform,
        Self::NotInLedger,
        Self::ReceivedTwice,
        Self::InvoicedMoreThanReceived,
        Self::InvoiceMissing,
        Self::SettledWithoutAcceptance,
        Self::ReturnedStillInvoiced,
        Self::WrongMonth,
        Self::WrongSupplier,
    ];

    /// The name in JSON and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuantityShort => "quantity_short",
            Self::QuantityOver => "quantity_over",
            Self::PriceDiffers => "price_differs",
            Self::AmountDiffers => "amount_differs",
            Self::CodeDiffers => "code_differs",
            Self::UnitDiffers => "unit_differs",
            Self::LotDiffers => "lot_differs",
            Self::ExpiryDiffers => "expiry_differs",
            Self::NotOnPlatform => "not_on_platform",
            Self::NotInLedger => "not_in_ledger",
            Self::ReceivedTwice => "received_twice",
            Self::InvoicedMoreThanReceived => "invoiced_more_than_received",
            Self::InvoiceMissing => "invoice_missing",
            Self::SettledWithoutAcceptance => "settled_without_acceptance",
            Self::ReturnedStillInvoiced => "returned_still_invoiced",
            Self::WrongMonth => "wrong_month",
            Self::WrongSupplier => "wrong_supplier",
        }
    }

    /// The kind in a few words.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::QuantityShort => "数量短少",
            Self::QuantityOver => "数量多出",
            Self::PriceDiffers => "单价不符",
            Self::AmountDiffers => "金额不符",
            Self::CodeDiffers => "编码不符",
            Self::UnitDiffers => "单位不符",
            Self::LotDiffers => "批号不符",
            Self::ExpiryDiffers => "效期不符",
            Self::NotOnPlatform => "台账有、平台没有",
            Self::NotInLedger => "平台有、台账没有",
            Self::ReceivedTwice => "重复入账",
            Self::InvoicedMoreThanReceived => "开票多于收货",
            Self::InvoiceMissing => "缺少发票",
            Self::SettledWithoutAcceptance => "未验收已结算",
            Self::ReturnedStillInvoiced => "已退货仍开票",
            Self::WrongMonth => "入账月份不符",
            Self::WrongSupplier => "配送企业不符",
        }
    }
}

impl Owner {
    /// Who.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Procurement => "采购办公室",
            Self::Store => "库房",
            Self::Finance => "财务科",
            Self::Supplier => "配送企业",
        }
    }
}

impl Action {
    /// What to do.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::ClaimShortage => "向配送企业催补短少数量，或要求冲减",
            Self::ReturnOrOrderSurplus => "退回多收数量，或补下订单",
            Self::CorrectPrice => "核对挂网价和合同价，更正单价",
            Self::CorrectAmount => "核对单据，更正金额",
            Self::CorrectCode => "核对医保编码并更正",
            Self::ConfirmFactor => "确认单位换算系数",
            Self::CheckLot => "核对实物批号并更正",
            Self::CheckExpiry => "核对实物效期并更正",
            Self::FileOffPlatform => "备案补录",
            Self::ReceiveOrAsk => "收货入账，或向配送企业查询",
            Self::ReverseDuplicate => "冲销重复入账",
            Self::ReportDuplicate => "报平台更正重复记录",
            Self::RejectInvoice => "退回发票，按实收数量重开",
            Self::RequestInvoice => "向配送企业索取发票",
            Self::AcceptOrRecover => "补办验收，或追回结算款",
            Self::RequestCreditNote => "索取红字发票",
            Self::MoveMonth => "调整到业务发生月份",
            Self::CorrectSupplier => "核对并更正配送企业",
        }
    }
}
