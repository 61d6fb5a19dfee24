//! What lines refer to: organisations, products, the hospital's items, agreements.

use sunbench_contract::time::Instant;
use sunbench_contract::{Agreement, HospItem, Org, Product};
use sunbench_store::mirror::{AgreementRow, Head, HospItemRow, OrgId, OrgRow, ProductId, ProductRow, Record};

use super::{Flaw, Translator};

impl Translator for Org {
    const ID_FIELD: &'static str = "orgId";
    fn own_id(&self) -> &str {
        &self.org_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::Org(OrgRow {
            head,
            kind: self.org_type,
            name: self.org_name,
            uscc: self.uscc,
            contact: self.contact,
            phone: self.phone,
        }))
    }
}

impl Translator for Product {
    const ID_FIELD: &'static str = "procurecatalogId";
    fn own_id(&self) -> &str {
        &self.procurecatalog_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::Product(ProductRow {
            head,
            name: self.goods_name,
            spec: self.goods_spec,
            model: self.goods_model,
            mcs_code: self.mcs_code,
            udi_di: self.udi_di,
            unit: self.unit,
            category: self.category,
            maker_key: OrgId(self.company_id_tb),
            reg_no: self.reg_no,
            reg_expires_on: self.reg_expiry.map(|day| day.to_string()),
            purchase_type: self.purchase_type,
            selected: self.selected,
            price: self.price,
            raw_state: self.state,
            price_cap: self.price_cap,
            assembled_from: serde_json::to_string(&self.assembled_from)
                .map_err(|_| Flaw::bad("assembledFrom"))?,
        }))
    }
}

impl Translator for HospItem {
    const ID_FIELD: &'static str = "hospItemId";
    fn own_id(&self) -> &str {
        &self.hosp_item_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        // Quantities are divided by one and multiplied by the other.
        for (field, factor) in [("factorNum", self.factor_num), ("factorDen", self.factor_den)] {
            if factor == 0 {
                return Err(Flaw::bad(field));
            }
        }
        Ok(Record::HospItem(HospItemRow {
            head,
            code: self.item_code,
            name: self.item_name,
            product_key: ProductId(self.procurecatalog_id),
            unit: self.unit,
            factor_num: self.factor_num,
            factor_den: self.factor_den,
        }))
    }
}

impl Translator for Agreement {
    const ID_FIELD: &'static str = "agreementId";
    fn own_id(&self) -> &str {
        &self.agreement_id
    }
    fn record(self, head: Head) -> Result<Record, Flaw> {
        Ok(Record::Agreement(AgreementRow {
            head,
            batch: self.batch_name,
            variety: self.variety_name,
            product_key: ProductId(self.procurecatalog_id),
            maker_key: OrgId(self.company_id_tb),
            supplier_key: OrgId(self.company_id_ps),
            unit: self.unit,
            agreed: self.agreed_count,
            starts_on: self.start_date.to_string(),
            ends_on: self.end_date.to_string(),
            sign_by_on: self.sign_deadline.to_string(),
            raw_state: self.state,
            state_text: self.state_text,
            signed_at: self.sign_time.map(Instant::unix),
            dispute_reason: self.dispute_reason,
        }))
    }
}
