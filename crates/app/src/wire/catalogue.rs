//! 目录: listed products, their prices over time, what became of their codes.

use super::supply::DayClock;
use super::wire;

wire! {
    /// Which products.
    enum CatalogueScope {
        All,
        /// That the hospital ever ordered, or has an item for.
        Ours,
        /// 暂停挂网.
        Suspended,
        /// The code was replaced or disabled, or there is none.
        CodeChanged,
        /// 中选.
        Selected,
    }
    /// What became of a product's national code.
    enum CodeMark {
        /// In use.
        Good,
        /// There is none; in-vitro reagents have a list of their own.
        Missing,
        /// 变更: the product still has the old one.
        Replaced,
        /// 停用.
        Disabled,
    }
}

wire! {
    struct CatalogueReq {
        /// Name, specification, model, code, registration or manufacturer; pinyin initials too. Words narrow one another;
        /// blank is all.
        text: String,
        scope: CatalogueScope,
        /// `next` of the page before it.
        after: Option<String>,
    }
    struct CatalogueList {
        /// At most a hundred, by name.
        rows: Vec<CatalogueRow>,
        /// How many fit.
        total: u32,
        next: Option<String>,
    }
    /// 挂网产品.
    struct CatalogueRow {
        id: String,
        name: String,
        spec: String,
        model: String,
        mcs_code: Option<String>,
        unit: String,
        category: String,
        maker: String,
        /// 采购类别: 带量, 阳光, 联盟 ….
        purchase_type: String,
        /// 中选.
        selected: bool,
        /// 现行挂网价.
        price: String,
        /// Not suspended.
        listed: bool,
        code_mark: CodeMark,
        registration: String,
        registration_ends_on: Option<String>,
        /// Order lines that the hospital ever had of it.
        ordered_lines: u32,
        /// The hospital's own items of it (院内编码).
        items: Vec<String>,
    }
    struct ProductReq {
        product: String,
    }
    struct ProductDetail {
        row: CatalogueRow,
        udi_di: Option<String>,
        /// The newest first.
        prices: Vec<ListPrice>,
        codes: Vec<CodeStep>,
        /// Who may deliver it today.
        suppliers: Vec<ProductSupplier>,
        agreements: Vec<ProductAgreement>,
        items: Vec<ProductItem>,
        /// The last twenty orders of it, the newest first.
        orders: Vec<ProductOrder>,
        /// 非中选产品限价, where the platform states one.
        price_cap: Option<String>,
        /// 组套: what it is assembled from; empty of a single product.
        parts: Vec<ProductPart>,
        /// A company may be invited to lower its price: listed, not selected, no negotiation open.
        negotiable: bool,
    }
    /// 部件 of an assembled system.
    struct ProductPart {
        id: String,
        name: String,
        spec: String,
        unit: String,
        /// 现行挂网价.
        price: String,
    }
    /// 价格: one list's.
    struct ListPrice {
        list: String,
        /// `volume` 集采中选, `linkage` 价格联动.
        kind: String,
        effective_at: String,
        /// Stock bought at the old price may be used until then.
        transition_ends_on: String,
        old_price: String,
        price: String,
        in_force: bool,
    }
    /// 编码变更.
    struct CodeStep {
        /// `recode` or `disable`.
        kind: String,
        old_code: String,
        new_code: Option<String>,
        effective_on: String,
        reason: String,
    }
    struct ProductSupplier {
        id: String,
        name: String,
        /// End of the delivery relation.
        ends: DayClock,
    }
    struct ProductAgreement {
        id: String,
        batch: String,
        supplier: String,
        agreed: String,
        ordered: String,
        starts_on: String,
        ends_on: String,
        state_text: String,
    }
    /// 院内耗材.
    struct ProductItem {
        code: String,
        name: String,
        unit: String,
        /// One hospital unit is `factor_num / factor_den` of the product's unit.
        factor_num: u32,
        factor_den: u32,
    }
    struct ProductOrder {
        order_line: String,
        order_code: String,
        submitted_at: String,
        quantity: String,
        price: String,
        supplier: String,
        state_text: String,
    }
}
