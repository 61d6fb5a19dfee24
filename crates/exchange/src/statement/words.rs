//! The words of a statement: Chinese, as the auditors read them.

use std::fmt;

use sunbench_domain::matching::{
    Action, CodeField, DifferenceKind, Field, Fields, Finding, Owner, Pass, Reason, Slip,
};

/// 差异种类.
#[must_use]
pub const fn difference(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::QuantityShort => "数量短少",
        DifferenceKind::QuantityOver => "数量超出",
        DifferenceKind::PriceDiffers => "单价不符",
        DifferenceKind::AmountDiffers => "金额不符",
        DifferenceKind::CodeDiffers => "编码不符",
        DifferenceKind::UnitDiffers => "单位不符",
        DifferenceKind::LotDiffers => "批号不符",
        DifferenceKind::ExpiryDiffers => "效期不符",
        DifferenceKind::NotOnPlatform => "账有平台无",
        DifferenceKind::NotInLedger => "平台有账无",
        DifferenceKind::ReceivedTwice => "重复入账",
        DifferenceKind::InvoicedMoreThanReceived => "开票多于收货",
        DifferenceKind::InvoiceMissing => "缺发票",
        DifferenceKind::SettledWithoutAcceptance => "未验收已结算",
        DifferenceKind::ReturnedStillInvoiced => "已退货仍开票",
        DifferenceKind::WrongMonth => "跨月入账",
        DifferenceKind::WrongSupplier => "配送企业不符",
    }
}

/// 责任方.
#[must_use]
pub const fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Procurement => "采购办公室",
        Owner::Store => "库房",
        Owner::Finance => "财务科",
        Owner::Supplier => "配送企业",
    }
}

/// 处理动作.
#[must_use]
pub const fn action(action: Action) -> &'static str {
    match action {
        Action::ClaimShortage => "向配送企业催补短少数量，或索取贷项",
        Action::ReturnOrOrderSurplus => "退回多收数量，或补下订单",
        Action::CorrectPrice => "核对合同价与挂网价，更正单价",
        Action::CorrectAmount => "按数量乘单价更正金额",
        Action::CorrectCode => "核对实物，更正编码",
        Action::ConfirmFactor => "核对包装，确认换算系数",
        Action::CheckLot => "核对实物批号并更正",
        Action::CheckExpiry => "核对实物效期并更正",
        Action::FileOffPlatform => "备案补录线下采购",
        Action::ReceiveOrAsk => "办理收货入账，或向配送企业查询",
        Action::ReverseDuplicate => "冲销重复入账",
        Action::ReportDuplicate => "报平台更正重复记录",
        Action::RejectInvoice => "退回发票重开",
        Action::RequestInvoice => "索取发票",
        Action::AcceptOrRecover => "补办验收，或追回结算款",
        Action::RequestCreditNote => "索取红字发票",
        Action::MoveMonth => "调整入账月份",
        Action::CorrectSupplier => "更正配送企业",
    }
}

/// 勾对方式: the pass's number as the specification counts them, nought for a person's link.
#[must_use]
pub const fn pass_number(pass: Pass) -> u8 {
    match pass {
        Pass::Hand => 0,
        Pass::Key => 1,
        Pass::Goods => 2,
        Pass::Sum => 3,
        Pass::Unit => 4,
        Pass::Near => 5,
    }
}

/// 字段名.
#[must_use]
pub const fn field(field: Field) -> &'static str {
    match field {
        Field::Key => "院内明细键",
        Field::OrderLine => "订单明细编号",
        Field::DeliveryLine => "配送明细编号",
        Field::Order => "订单编号",
        Field::Code => "医保编码",
        Field::Udi => "UDI",
        Field::Item => "物资编码",
        Field::Name => "名称",
        Field::Spec => "规格型号",
        Field::Supplier => "配送企业",
        Field::Lot => "批号",
        Field::Serial => "序列号",
        Field::Expiry => "效期",
        Field::Quantity => "数量",
        Field::Unit => "单位",
        Field::Price => "单价",
        Field::Amount => "金额",
        Field::Date => "日期",
    }
}

/// 受损的列.
#[must_use]
pub const fn code_field(field: CodeField) -> &'static str {
    match field {
        CodeField::Key => "院内明细键",
        CodeField::Order => "订单编号",
        CodeField::OrderLine => "订单明细编号",
        CodeField::Delivery => "配送单号",
        CodeField::DeliveryLine => "配送明细编号",
        CodeField::Invoice => "发票号码",
        CodeField::Code => "医保编码",
        CodeField::Udi => "UDI",
        CodeField::Item => "物资编码",
        CodeField::Lot => "批号",
        CodeField::Serial => "序列号",
    }
}

/// A reason as one sentence, written when it is shown.
///
/// ```
/// use sunbench_domain::matching::{Field, Fields, Finding, Reason};
/// use sunbench_exchange::statement::words::Words;
/// let reason = Reason {
///     finding: Finding::SameKey { key: Field::OrderLine },
///     agree: Fields::from(vec![Field::Code, Field::Lot]),
///     differ: Fields::from(vec![Field::Quantity]),
/// };
/// assert_eq!(Words(&reason).to_string(), "订单明细编号相同；医保编码、批号一致；数量不符");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Words<'a>(pub &'a Reason);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        finding(&self.0.finding, f)?;
        list(f, self.0.agree, "一致")?;
        list(f, self.0.differ, "不符")
    }
}

impl serde::Serialize for Words<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn list(f: &mut fmt::Formatter<'_>, fields: Fields, what: &str) -> fmt::Result {
    let mut is_first = true;
    for one in fields.iter() {
        f.write_str(if is_first { "；" } else { "、" })?;
        f.write_str(field(one))?;
        is_first = false;
    }
    if is_first { Ok(()) } else { f.write_str(what) }
}

fn finding(finding: &Finding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match finding {
        Finding::LinkedByHand => f.write_str("人工勾对"),
        Finding::SameKey { key } => write!(f, "{}相同", field(*key)),
        Finding::SameGoods => f.write_str("产品、批号、数量、时间相符，且别无候选"),
        Finding::ExactSum { parts } => write!(f, "{parts} 行数量之和恰好相等"),
        Finding::Converted { left, right, known } => {
            let source = if *known { "已知系数" } else { "本期数据推得的系数" };
            write!(f, "按{source}换算相等（{left}:{right}）")
        }
        Finding::Near { slip } => write_slip(*slip, f),
        Finding::EquallyGood => f.write_str("多行同样相符，须由人选择"),
        Finding::TooLittle => f.write_str("唯一候选，但相符之处太少"),
    }
}

fn write_slip(slip: Slip, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match slip {
        Slip::Transposed { field: at } => write!(f, "{}有相邻两字颠倒", field(at)),
        Slip::OneCharacter { field: at } => write!(f, "{}相差一个字符", field(at)),
        Slip::CutShort { field: at } => write!(f, "{}被截短或丢失前导零", field(at)),
        Slip::Different { field: at } => write!(f, "仅{}不同", field(at)),
        Slip::KeyMissing => f.write_str("一方没有单据编号，其余相符"),
        Slip::Days { days } => write!(f, "日期相差 {days} 天"),
        Slip::Tax { percent } => write!(f, "单价恰差 {percent}% 税率"),
    }
}
