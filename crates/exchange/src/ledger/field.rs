//! What a column of a ledger holds, told by its heading.

use serde::{Deserialize, Serialize};
use sunbench_domain::text::half_width;

/// 字段: what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 订单编号.
    Order,
    /// 订单明细编号: the line's own number, or its place in the order.
    OrderLine,
    /// 配送单编号.
    Delivery,
    /// 配送明细编号.
    DeliveryLine,
    /// 入库单号, 验收单号.
    Receipt,
    /// 发票号码.
    Invoice,
    /// 国家医保医用耗材代码.
    NationalCode,
    /// 医疗器械唯一标识 UDI.
    Udi,
    /// 院内物资编码.
    ItemCode,
    /// 产品名称.
    Name,
    /// 规格.
    Spec,
    /// 型号, where it has a column beside the specification.
    Model,
    /// 生产企业.
    Manufacturer,
    /// 配送企业.
    Supplier,
    /// 批号.
    Lot,
    /// 序列号.
    Serial,
    /// 失效日期.
    Expiry,
    /// 业务日期: when it was ordered or received.
    Date,
    /// 数量.
    Quantity,
    /// 计量单位.
    Unit,
    /// 单价, 元.
    Price,
    /// 金额, 元.
    Amount,
    /// 业务类型: receipt or return.
    Kind,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 23] = [
        Self::Order,
        Self::OrderLine,
        Self::Delivery,
        Self::DeliveryLine,
        Self::Receipt,
        Self::Invoice,
        Self::NationalCode,
        Self::Udi,
        Self::ItemCode,
        Self::Name,
        Self::Spec,
        Self::Model,
        Self::Manufacturer,
        Self::Supplier,
        Self::Lot,
        Self::Serial,
        Self::Expiry,
        Self::Date,
        Self::Quantity,
        Self::Unit,
        Self::Price,
        Self::Amount,
        Self::Kind,
    ];
}

/// Headings in use, the better one first: where two columns fit one field, it takes the better.
const HEADINGS: [(Field, &[&str]); 23] = [
    (
        Field::OrderLine,
        &[
            "订单明细编号",
            "订单明细号",
            "订单明细id",
            "采购明细编号",
            "采购单明细编号",
            "订单行号",
            "明细编号",
            "明细号",
            "行号",
            "明细序号",
        ],
    ),
    (
        Field::Order,
        &[
            "订单编号",
            "订单号",
            "采购订单编号",
            "采购订单号",
            "采购单编号",
            "采购单号",
            "平台订单号",
            "平台订单编号",
            "订单",
        ],
    ),
    (
        Field::DeliveryLine,
        &["配送明细编号", "配送单明细编号", "配送明细号", "发货明细编号", "送货明细编号", "配送行号"],
    ),
    (
        Field::Delivery,
        &[
            "配送单编号",
            "配送单号",
            "配送编号",
            "送货单号",
            "送货单编号",
            "发货单号",
            "随货同行单号",
            "出库单号",
            "随货单号",
        ],
    ),
    (
        Field::Receipt,
        &[
            "入库单号",
            "入库单编号",
            "验收单号",
            "验收单编号",
            "收货单号",
            "收货单编号",
            "单据号",
            "单据编号",
            "单号",
        ],
    ),
    (Field::Invoice, &["发票号码", "发票号", "发票编号", "数电票号码", "票号"]),
    (
        Field::NationalCode,
        &[
            "国家医保医用耗材代码",
            "国家医保耗材代码",
            "医保耗材编码",
            "医保医用耗材编码",
            "医用耗材代码",
            "医保编码",
            "医保代码",
            "国家医保编码",
            "国家医保代码",
            "国家编码",
            "国家码",
            "医保码",
            "耗材统一编码",
            "耗材代码",
            "耗材编码",
            "27位码",
            "20位码",
        ],
    ),
    (Field::Udi, &["udi", "udi码", "udi编码", "唯一标识", "医疗器械唯一标识", "udi-di", "追溯码"]),
    (
        Field::ItemCode,
        &[
            "院内编码",
            "院内物资编码",
            "医院编码",
            "物资编码",
            "物资代码",
            "物品编码",
            "物品代码",
            "材料编码",
            "材料代码",
            "商品编码",
            "产品编码",
            "产品代码",
            "产品编号",
            "项目编码",
            "编码",
            "代码",
        ],
    ),
    (
        Field::Name,
        &[
            "产品名称",
            "耗材名称",
            "物资名称",
            "物品名称",
            "材料名称",
            "商品名称",
            "品名",
            "通用名",
            "通用名称",
            "注册名称",
            "项目名称",
            "名称",
        ],
    ),
    (Field::Spec, &["规格型号", "规格/型号", "型号规格", "规格", "规格、型号"]),
    (Field::Model, &["型号"]),
    (
        Field::Manufacturer,
        &[
            "生产企业",
            "生产厂家",
            "生产厂商",
            "生产商",
            "厂家",
            "厂商",
            "制造商",
            "生产企业名称",
            "注册人",
            "产地",
        ],
    ),
    (
        Field::Supplier,
        &[
            "配送企业",
            "配送企业名称",
            "配送商",
            "配送公司",
            "供应商",
            "供应商名称",
            "供货商",
            "供货单位",
            "供货企业",
            "经销商",
            "供应企业",
            "往来单位",
            "来源单位",
        ],
    ),
    (Field::Lot, &["批号", "生产批号", "产品批号", "批次", "批次号", "生产批次"]),
    (Field::Serial, &["序列号", "产品序列号", "sn", "sn码"]),
    (Field::Expiry, &["有效期至", "失效日期", "失效期", "有效期", "效期", "有效日期", "有效截止日期"]),
    (
        Field::Date,
        &[
            "入库日期",
            "入库时间",
            "验收日期",
            "验收时间",
            "收货日期",
            "收货时间",
            "到货日期",
            "下单日期",
            "下单时间",
            "订单日期",
            "订单时间",
            "采购日期",
            "采购时间",
            "配送日期",
            "发货日期",
            "业务日期",
            "记账日期",
            "单据日期",
            "制单日期",
            "日期",
            "退货日期",
            "开票日期",
            "发票日期",
            "结算日期",
            "时间",
        ],
    ),
    (
        Field::Quantity,
        &[
            "入库数量",
            "验收数量",
            "收货数量",
            "实收数量",
            "实际数量",
            "数量",
            "采购数量",
            "订购数量",
            "订单数量",
            "下单数量",
            "配送数量",
            "发货数量",
            "退货数量",
            "开票数量",
        ],
    ),
    (
        Field::Unit,
        &["单位", "计量单位", "采购单位", "包装单位", "最小单位", "入库单位", "基本单位", "数量单位"],
    ),
    (
        Field::Price,
        &[
            "单价",
            "含税单价",
            "入库单价",
            "采购单价",
            "采购价",
            "采购价格",
            "成交价",
            "进价",
            "中选价",
            "挂网价",
            "价格",
            "不含税单价",
        ],
    ),
    (
        Field::Amount,
        &[
            "金额",
            "含税金额",
            "入库金额",
            "采购金额",
            "订单金额",
            "总金额",
            "合计金额",
            "总价",
            "价税合计",
            "进价金额",
            "不含税金额",
            "小计",
        ],
    ),
    (Field::Kind, &["业务类型", "单据类型", "出入库类型", "入库类型", "类型", "方向"]),
];

/// Headings that name a company or a person although a word in them names something else.
const NOT_A_UNIT: [&str; 4] = ["采购单位名称", "使用单位", "医疗机构", "收货单位"];

/// What a heading says, and how well: the lower the better.
///
/// ```
/// # use sunbench_exchange::ledger::{Field, field_of};
/// assert_eq!(field_of("入库数量（盒）").map(|(field, _)| field), Some(Field::Quantity));
/// assert_eq!(field_of("*医用耗材医保编码").map(|(field, _)| field), Some(Field::NationalCode));
/// assert_eq!(field_of("备注"), None);
/// ```
#[must_use]
pub fn field_of(heading: &str) -> Option<(Field, usize)> {
    let heading = plain(heading);
    if heading.is_empty() || NOT_A_UNIT.contains(&heading.as_str()) {
        return None;
    }
    let exact = HEADINGS
        .iter()
        .find_map(|(field, known)| known.iter().position(|name| *name == heading).map(|rank| (*field, rank)));
    exact.or_else(|| by_words(&heading).map(|field| (field, LOOSE)))
}

/// Any known heading is better than one that only has a telling word.
const LOOSE: usize = 100;

/// What is meant by headings of which only a word is known; the more special one first.
fn by_words(heading: &str) -> Option<Field> {
    const NUMBER: &[&str] = &["号", "码", "id"];
    const WORDS: [(Field, &[&[&str]]); 22] = [
        (Field::Invoice, &[&["发票"], NUMBER]),
        (Field::DeliveryLine, &[&["配送", "发货", "送货"], &["明细", "行"], NUMBER]),
        (Field::OrderLine, &[&["明细", "订单行"], NUMBER]),
        (Field::Delivery, &[&["配送", "送货", "发货", "随货"], &["单"], NUMBER]),
        (Field::Receipt, &[&["入库", "验收", "收货"], &["单"], NUMBER]),
        (Field::Order, &[&["订单", "采购单"], NUMBER]),
        (Field::NationalCode, &[&["医保", "国家", "27位", "20位"], &["码"]]),
        (Field::Udi, &[&["udi", "唯一标识"]]),
        (Field::Lot, &[&["批号", "批次"]]),
        (Field::Serial, &[&["序列号"]]),
        (Field::Expiry, &[&["失效", "有效期", "效期"]]),
        (Field::Manufacturer, &[&["生产企业", "生产厂", "厂家", "厂商"]]),
        (Field::Supplier, &[&["配送企业", "供应商", "供货", "配送商", "经销商"]]),
        (Field::Quantity, &[&["数量"]]),
        (Field::Price, &[&["单价", "价格"]]),
        (Field::Amount, &[&["金额", "总价"]]),
        (Field::Date, &[&["日期", "时间"]]),
        (Field::ItemCode, &[&["院内", "物资", "材料", "物品", "产品", "商品"], &["码", "编号"]]),
        (Field::Name, &[&["名称", "品名"]]),
        (Field::Spec, &[&["规格"]]),
        (Field::Model, &[&["型号"]]),
        (Field::Unit, &[&["计量单位", "包装单位"]]),
    ];
    WORDS.iter().find_map(|(field, groups)| {
        groups.iter().all(|group| group.iter().any(|word| heading.contains(word))).then_some(*field)
    })
}

/// A heading without width, case, blanks, marks of obligation and what stands in brackets.
fn plain(heading: &str) -> String {
    let mut depth = 0;
    half_width(heading)
        .to_lowercase()
        .chars()
        .filter(|c| {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth <= 0 && !c.is_whitespace() && !matches!(c, '*' | ':' | '：' | '★')
        })
        .collect()
}
