//! 院内耗材对照: the hospital's items and the listed products that they are.

use super::wire;

wire! {
    /// How an item stands.
    enum HospitalItemScope {
        All,
        /// Neither the platform nor a person here has linked it.
        Unlinked,
        Linked,
    }
    /// Who linked an item.
    enum HospitalItemSource {
        /// The platform (院内耗材对照).
        Platform,
        /// A person at this profile.
        Person,
        Nobody,
    }
}

wire! {
    struct HospitalItemsReq {
        /// Narrows by code, name, specification or manufacturer; blank is all.
        text: String,
        scope: HospitalItemScope,
        /// `next` of the page before it.
        after: Option<String>,
    }
    struct HospitalItemList {
        /// At most a hundred; those of most ledger lines first.
        rows: Vec<HospitalItemRow>,
        next: Option<String>,
        total: u32,
        /// Of all items, whatever is asked for.
        unlinked: u32,
    }
    /// 院内耗材.
    struct HospitalItemRow {
        /// 院内编码, or name and specification where there is none: names the item in requests.
        item: String,
        code: String,
        name: String,
        spec: String,
        unit: String,
        maker: String,
        /// As the ledger has it; may be empty.
        mcs_code: String,
        /// Ledger lines with it.
        lines: u32,
        source: HospitalItemSource,
        /// What it is linked to.
        product: Option<String>,
        product_name: Option<String>,
        /// One unit of the item is `factor_num / factor_den` of the product's unit.
        factor_num: u32,
        factor_den: u32,
    }
    struct HospitalItemReq {
        item: String,
    }
    /// Suggestions; none is ever applied by itself.
    struct ItemSuggestions {
        row: HospitalItemRow,
        /// At most ten, the likeliest first.
        products: Vec<ItemSuggestion>,
    }
    struct ItemSuggestion {
        product: String,
        name: String,
        spec: String,
        model: String,
        mcs_code: Option<String>,
        maker: String,
        unit: String,
        /// 现行挂网价.
        price: String,
        listed: bool,
        /// 0 to 100.
        score: u32,
        /// What speaks for it, for people.
        reasons: Vec<String>,
    }
    struct ItemLinkReq {
        item: String,
        product: String,
        /// One unit of the item is `factor_num / factor_den` of the product's unit; both at least 1.
        factor_num: u32,
        factor_den: u32,
    }
}
