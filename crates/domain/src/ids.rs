//! Ids are text: platforms issue numbers of nineteen and more digits, past 2^53.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// From the platform's own text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
            /// The platform's own text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

id! {
    /// 督办通知编号: a supervision notice.
    NoticeId
    /// 提交键: the hospital's own key of a submission (UUIDv7), which makes it idempotent.
    ClientKey
}
