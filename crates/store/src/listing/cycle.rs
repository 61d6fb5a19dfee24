//! Listings of the records that are kept whole, and of the catalogue.

use super::ColumnKind::{Day, Decimal, Instant, Text, Whole};
use super::Listing;

/// A field of a record.
macro_rules! field {
    ($name:literal) => {
        concat!("json_extract(d.data, '$.", $name, "')")
    };
}
/// The name of the organisation that a field refers to.
macro_rules! org {
    ($name:literal) => {
        concat!("(SELECT g.name FROM org g WHERE g.id = json_extract(d.data, '$.", $name, "'))")
    };
}
/// Of the product that a record is about.
macro_rules! product {
    ($column:literal) => {
        concat!(
            "(SELECT p.",
            $column,
            " FROM product p WHERE p.id = json_extract(d.data, '$.procurecatalogId'))"
        )
    };
}
macro_rules! of {
    ($resource:literal) => {
        concat!(" FROM document d WHERE d.resource = '", $resource, "' ORDER BY d.id")
    };
}

pub(super) const CYCLE: [Listing; 9] = [
    Listing {
        name: "products",
        title: "挂网目录",
        columns: &[
            ("产品编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("型号", Text),
            ("医保编码", Text),
            ("UDI-DI", Text),
            ("单位", Text),
            ("类别", Text),
            ("生产企业", Text),
            ("注册证号", Text),
            ("注册证有效期至", Day),
            ("采购类别", Text),
            ("是否中选", Text),
            ("挂网价", Decimal),
            ("挂网状态", Text),
        ],
        sql: "SELECT p.id, p.name, p.spec, p.model, p.mcs_code, p.udi_di, p.unit, p.category, m.name, p.reg_no,
              p.reg_expires_on, p.purchase_type, CASE p.selected WHEN 0 THEN '否' ELSE '是' END, p.price,
              CASE p.raw_state WHEN '1' THEN '挂网' ELSE '暂停' END
            FROM product p LEFT JOIN org m ON m.key = p.maker_key WHERE p.ver > 0 ORDER BY p.key",
    },
    Listing {
        name: "agreements",
        title: "带量采购协议",
        columns: &[
            ("协议编号", Text),
            ("批次", Text),
            ("品种", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("生产企业", Text),
            ("配送企业", Text),
            ("单位", Text),
            ("约定采购量", Decimal),
            ("起始日期", Day),
            ("截止日期", Day),
            ("签订截止", Day),
            ("签订时间", Instant),
            ("状态", Text),
            ("异议原因", Text),
        ],
        sql: "SELECT a.id, a.batch, a.variety, p.name, p.spec, m.name, s.name, a.unit, a.agreed, a.starts_on, a.ends_on,
              a.sign_by_on, a.signed_at, a.state_text, a.dispute_reason
            FROM agreement a JOIN product p ON p.key = a.product_key JOIN org m ON m.key = a.maker_key
              JOIN org s ON s.key = a.supplier_key ORDER BY a.key",
    },
    Listing {
        name: "contracts",
        title: "合同",
        columns: &[
            ("合同编号", Text),
            ("种类", Text),
            ("配送企业", Text),
            ("签订日期", Day),
            ("起始日期", Day),
            ("截止日期", Day),
            ("付款天数", Whole),
            ("状态", Text),
        ],
        sql: concat!(
            "SELECT ", field!("contractCode"), ", CASE ", field!("kind"), " WHEN 'clean' THEN '廉洁购销合同' ELSE '购销合同' END, ",
            org!("companyIdPs"), ", ", field!("signDate"), ", ", field!("startDate"), ", ", field!("endDate"), ", ",
            field!("paymentDays"), ", ", field!("stateText"), of!("contract")
        ),
    },
    Listing {
        name: "filings",
        title: "备案补录",
        columns: &[
            ("备案编号", Text),
            ("产品名称", Text),
            ("规格型号", Text),
            ("单位", Text),
            ("供货企业", Text),
            ("医保编码", Text),
            ("数量", Decimal),
            ("单价", Decimal),
            ("金额", Decimal),
            ("采购日期", Day),
            ("线下采购原因", Text),
            ("责任人", Text),
            ("提交时间", Instant),
            ("经办人", Text),
            ("状态", Text),
            ("退回原因", Text),
            ("记录号", Text),
        ],
        sql: concat!(
            "SELECT ", field!("filingCode"), ", ", field!("goodsName"), ", ", field!("goodsSpec"), ", ", field!("unit"), ", ",
            field!("companyName"), ", ", field!("mcsCode"), ", ", field!("count"), ", ", field!("price"), ", ",
            field!("amount"), ", ", field!("purchaseDate"), ", ", field!("reason"), ", ", field!("responsible"), ", ",
            field!("submitTime"), ", ", field!("operator"), ", ", field!("stateText"), ", ", field!("returnReason"), ", d.id",
            of!("filing")
        ),
    },
    Listing {
        name: "supply-issues",
        title: "供应问题",
        columns: &[
            ("编号", Text),
            ("种类", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("生产企业", Text),
            ("配送企业", Text),
            ("情况说明", Text),
            ("上报时间", Instant),
            ("回复时限", Day),
            ("回复时间", Instant),
            ("企业回复", Text),
            ("承诺到货", Day),
            ("核实时间", Instant),
            ("受理机关", Text),
            ("状态", Text),
            ("记录号", Text),
        ],
        sql: concat!(
            "SELECT ", field!("issueCode"), ", CASE ", field!("kind"),
            " WHEN 'short' THEN '供应短缺' WHEN 'refusal' THEN '拒绝配送' WHEN 'late' THEN '配送不及时'
              WHEN 'price' THEN '价格异常' ELSE ", field!("kind"), " END, ",
            product!("name"), ", ", product!("spec"), ", ", org!("companyIdTb"), ", ", org!("companyIdPs"), ", ",
            field!("description"), ", ", field!("reportTime"), ", ", field!("replyDueDate"), ", ", field!("replyTime"), ", ",
            field!("reply"), ", ", field!("promisedDate"), ", ", field!("verifyTime"), ", ", org!("officeId"), ", ",
            field!("stateText"), ", d.id", of!("supplyIssue")
        ),
    },
    Listing {
        name: "negotiations",
        title: "议价",
        columns: &[
            ("议价编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("生产企业", Text),
            ("现价", Decimal),
            ("期望价", Decimal),
            ("应答价", Decimal),
            ("邀请时间", Instant),
            ("应答时限", Day),
            ("应答时间", Instant),
            ("说明", Text),
            ("结论", Text),
            ("状态", Text),
        ],
        sql: concat!(
            "SELECT d.id, ", product!("name"), ", ", product!("spec"), ", ", org!("companyIdTb"), ", ", field!("price"), ", ",
            field!("targetPrice"), ", ", field!("answerPrice"), ", ", field!("inviteTime"), ", ", field!("answerDueDate"), ", ",
            field!("answerTime"), ", ", field!("remarks"), ", ", field!("conclusion"), ", ", field!("stateText"),
            of!("negotiation")
        ),
    },
    Listing {
        name: "evaluations",
        title: "满意度评价",
        columns: &[
            ("季度", Text),
            ("对象", Text),
            ("企业", Text),
            ("截止日期", Day),
            ("评分", Text),
            ("评价意见", Text),
            ("评价时间", Instant),
            ("状态", Text),
        ],
        sql: concat!(
            "SELECT ", field!("period"), ", CASE ", field!("targetType"), " WHEN 'distributor' THEN '配送企业' ELSE '生产企业' END, ",
            org!("companyId"), ", ", field!("dueDate"), ", (SELECT group_concat(json_extract(e.value, '$.item') || ' ' ||
              json_extract(e.value, '$.score'), '；') FROM json_each(d.data, '$.scores') e), ",
            field!("remarks"), ", ", field!("submitTime"), ", ", field!("stateText"), of!("evaluation")
        ),
    },
    Listing {
        name: "demand-reports",
        title: "报量",
        columns: &[
            ("批次", Text),
            ("品种", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("生产企业", Text),
            ("单位", Text),
            ("上年度实际采购量", Decimal),
            ("需求量", Decimal),
            ("偏差说明", Text),
            ("填报截止", Day),
            ("提交时间", Instant),
            ("状态", Text),
            ("退回原因", Text),
        ],
        sql: concat!(
            "SELECT ", field!("batchName"), ", ", field!("varietyName"), ", ", product!("name"), ", ", product!("spec"), ", ",
            org!("companyIdTb"), ", ", field!("unit"), ", ", field!("lastYearCount"), ", ", field!("demandCount"), ", ",
            field!("explanation"), ", ", field!("reportDeadline"), ", ", field!("submitTime"), ", ", field!("stateText"), ", ",
            field!("returnReason"), of!("demandReport")
        ),
    },
    Listing {
        name: "items",
        title: "院内耗材对照",
        columns: &[
            ("院内编码", Text),
            ("院内名称", Text),
            ("单位", Text),
            ("换算分子", Whole),
            ("换算分母", Whole),
            ("产品编号", Text),
            ("产品名称", Text),
            ("规格", Text),
            ("产品单位", Text),
            ("医保编码", Text),
        ],
        sql: "SELECT h.code, h.name, h.unit, h.factor_num, h.factor_den, p.id, p.name, p.spec, p.unit, p.mcs_code
            FROM hosp_item h JOIN product p ON p.key = h.product_key ORDER BY h.key",
    },
];
