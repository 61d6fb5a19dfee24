//! What the feed carries.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::time::Instant;

macro_rules! resources {
    ($($(#[$doc:meta])* $variant:ident $name:literal)*) => {
        /// A kind of record in the feed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Resource { $($(#[$doc])* $variant,)* }

        impl Resource {
            /// Every resource, in the order in which a page's items are applied.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// From the name on the wire; `None` for one that a later platform added.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

resources! {
    /// 机构: hospitals, manufacturers, distributors, offices.
    Org "org"
    /// 挂网产品.
    Product "product"
    /// 院内耗材对照: this hospital's item linked to a product.
    HospItem "hospItem"
    /// 价格表.
    PriceList "priceList"
    /// 带量采购协议.
    Agreement "agreement"
    /// 购销合同、廉洁购销合同.
    Contract "contract"
    /// 配送关系: who may deliver what.
    DistributionRelation "distributionRelation"
    /// 报量.
    DemandReport "demandReport"
    /// 订单.
    Order "order"
    /// 订单明细.
    OrderLine "orderLine"
    /// 配送单.
    Delivery "delivery"
    /// 收货（验收）单.
    Receipt "receipt"
    /// 退货单.
    Return "return"
    /// 发票.
    Invoice "invoice"
    /// 结算单.
    Settlement "settlement"
    /// 议价邀请.
    Negotiation "negotiation"
    /// 备案补录.
    Filing "filing"
    /// 供应问题.
    SupplyIssue "supplyIssue"
    /// 满意度评价.
    Evaluation "evaluation"
    /// 督办通知.
    Notice "notice"
    /// 督办反馈.
    NoticeReply "noticeReply"
    /// 指标, as the platform computes it.
    Indicator "indicator"
    /// 排名.
    Ranking "ranking"
    /// 政策规则调整.
    Rule "rule"
    /// 工作日历.
    Calendar "calendar"
    /// 编码变更: recoded and disabled codes.
    CodeChange "codeChange"
    /// 公告.
    Announcement "announcement"
    /// 打卡记录.
    CheckIn "checkIn"
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Made or changed; `data` is whole.
    Upsert,
    /// Taken back; no `data`.
    Delete,
}

/// One item of the feed or of a snapshot.
///
/// `data` is canonical JSON: keys in byte order, no blanks; so [`item_hash`] is the same on both sides.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Place in the feed; strictly rising.
    pub seq: u64,
    /// [`Resource::name`], or a name that this version does not know.
    pub resource: String,
    /// What happened.
    pub op: Op,
    /// The record's id, unique within its resource.
    pub id: String,
    /// The record's version; rises with each change.
    pub ver: u64,
    /// When it changed.
    pub upd_time: Instant,
    /// The next item belongs to the same document: both become visible together.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub data: Option<Box<RawValue>>,
    /// The record's fingerprint, so that damage on the way shows: lower-case hex of [`item_hash`], whose data is empty
    /// for a deletion. In a feed page; the marks of a streamed snapshot cover its items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl Change {
    /// Whether id, version and record are what the fingerprint says, where there is one.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let data = self.data.as_deref().map_or("", RawValue::get);
        self.hash.as_ref().is_none_or(|stated| *stated == hash_text(&self.id, self.ver, data))
    }
}

/// [`item_hash`] as [`Change::hash`] has it.
#[must_use]
pub fn hash_text(id: &str, ver: u64, data: &str) -> String {
    format!("{:032x}", item_hash(id, ver, data))
}

/// The fingerprint of one record: the first sixteen bytes of SHA-256 over id, version and canonical data.
///
/// A day's digest is the wrapping sum of its records' fingerprints, so it needs no order.
#[must_use]
pub fn item_hash(id: &str, ver: u64, data: &str) -> u128 {
    let mut hash = Sha256::new();
    hash.update(id.as_bytes());
    hash.update([0]);
    hash.update(ver.to_be_bytes());
    hash.update(data.as_bytes());
    let full: [u8; 32] = hash.finalize().into();
    u128::from_be_bytes(full[..16].try_into().expect("sixteen of thirty-two bytes"))
}

/// Canonical JSON of a record: keys in byte order at every depth, no blanks.
pub fn canonical_json<T: Serialize>(record: &T) -> Result<String, serde_json::Error> {
    fn sort(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(map) => {
                let mut entries: Vec<_> = map.into_iter().map(|(k, v)| (k, sort(v))).collect();
                // Explicit, because a build may turn on serde_json's insertion order.
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                serde_json::Value::Object(entries.into_iter().collect())
            }
            serde_json::Value::Array(items) => {
                serde_json::Value::Array(items.into_iter().map(sort).collect())
            }
            other => other,
        }
    }
    serde_json::to_string(&sort(serde_json::to_value(record)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for resource in Resource::ALL {
            assert_eq!(Resource::from_name(resource.name()), Some(*resource));
        }
        assert_eq!(Resource::from_name("somethingNew"), None);
    }

    #[test]
    fn canonical_json_sorts_at_every_depth() {
        let value: serde_json::Value =
            serde_json::from_str(r#"{ "b": [ {"d":1, "c":"支架"} ], "a": null }"#).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), r#"{"a":null,"b":[{"c":"支架","d":1}]}"#);
    }

    #[test]
    fn a_fingerprint_is_held_to() {
        let item = |ver: u64, hash: &str| {
            let line = format!(
                r#"{{"seq":7,"resource":"org","op":"upsert","id":"1","ver":{ver},"updTime":"2026-01-02T03:04:05+08:00","data":{{"a":1}}{hash}}}"#
            );
            serde_json::from_str::<Change>(&line).unwrap().is_intact()
        };
        let right = format!(r#","hash":"{}""#, hash_text("1", 2, r#"{"a":1}"#));
        assert!(item(2, "") && item(2, &right) && !item(3, &right) && !item(2, r#","hash":"""#));
    }

    #[test]
    fn a_change_with_fields_of_tomorrow_is_read() {
        let line = r#"{"seq":7,"resource":"hologram","op":"upsert","id":"1","ver":2,"updTime":"2026-01-02T03:04:05+08:00","colour":"red","data":{"a":1}}"#;
        let change: Change = serde_json::from_str(line).unwrap();
        assert_eq!(change.data.unwrap().get(), r#"{"a":1}"#);
        assert!(!change.more);
    }
}
