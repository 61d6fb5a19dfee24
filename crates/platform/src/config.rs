//! What one platform allows.

use sunbench_contract::Limits;

/// Limits and times of a platform; the defaults suit a demo on one computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// 平台名称.
    pub platform: String,
    /// 行政区划代码.
    pub division_code: String,
    /// What the capabilities state and the platform enforces.
    pub limits: Limits,
    /// Seconds that an access token lives.
    pub token_s: u32,
    /// Bytes of the body of a call that is not an attachment.
    pub body_bytes: usize,
    /// Sign-ins refused within a minute before a pause is asked for.
    pub refused_sign_ins: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            platform: "医用耗材阳光采购平台（示范）".to_owned(),
            division_code: "440300".to_owned(),
            limits: Limits {
                page: 2_000,
                batch: 50,
                wait_s: 25,
                rate_per_second: 200,
                daily_quota: None,
                attachment_bytes: 20 * 1024 * 1024,
            },
            token_s: 1_800,
            body_bytes: 2 * 1024 * 1024,
            refused_sign_ins: 5,
        }
    }
}
