//! Failures for people and scripts.

use sunbench_app::{ApiError, ErrorCode};

/// Why the exit code is not 0.
pub(crate) struct Failure {
    /// Stable, for scripts.
    pub(crate) code: String,
    /// In Chinese: what happened and what to do.
    pub(crate) msg: String,
    /// 1, or 2 for usage.
    pub(crate) exit: u8,
}

impl Failure {
    pub(crate) fn usage(code: &str, msg: impl Into<String>) -> Self {
        Self { code: code.to_owned(), msg: msg.into(), exit: 2 }
    }
    pub(crate) fn stated(code: &str, msg: impl Into<String>) -> Self {
        Self { code: code.to_owned(), msg: msg.into(), exit: 1 }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let code = serde_json::to_value(error.code)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let mut msg = text(error.code).to_owned();
        if let Some(field) = &error.field {
            msg = format!("{msg}（{field}）");
        }
        if let Some(incident) = &error.incident {
            msg = format!("{msg}，事件号 {incident}");
        }
        Self { code, msg, exit: 1 }
    }
}

/// What to tell a person.
pub(crate) fn text(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::ProfileLocked => "此处没有已打开的档案：请先用 connect 连接平台",
        ErrorCode::ProfileExists => "此处已有档案",
        ErrorCode::WrongKey => "口令或密钥不符，档案未被改动",
        ErrorCode::PassphraseLapsed => {
            "数据更换过密钥，此口令已失效：请用恢复码恢复，或由能打开档案的人解锁后重新设置口令"
        }
        ErrorCode::PassphraseNeeded => "此档案由口令保护：请用 SUNBENCH_PASSPHRASE_FILE 指明口令文件",
        ErrorCode::RecoveryCodeWrong => "恢复码有误，请核对",
        ErrorCode::ProfileTooNew => "档案由更新版本的程序写成，请升级程序",
        ErrorCode::ProfileDamaged => "档案已损坏：请打开窗口程序，按提示抢救",
        ErrorCode::DatabaseMissing => "档案的数据库文件不见了：请用备份恢复",
        ErrorCode::KeyFileDamaged => "密钥文件缺失或损坏：请从备份放回 keys.json",
        ErrorCode::ProfileInUse => "档案正被另一个程序使用，请关闭后再试",
        ErrorCode::KeyringAbsent => "系统没有密钥环：请设置 SUNBENCH_PASSPHRASE_FILE",
        ErrorCode::KeyringLocked => "系统密钥环已锁定：请先解锁",
        ErrorCode::KeyMissing => "密钥环中没有本档案的密钥：请在窗口程序中用恢复码解锁",
        ErrorCode::DiskFailed => "磁盘读写出错或网络盘已断开：请检查磁盘后再试，已确认的内容没有丢失",
        ErrorCode::DiskFull => "磁盘已满：请腾出空间，已确认的内容没有丢失",
        ErrorCode::ReadOnly => "文件夹不可写",
        ErrorCode::NotConnected => "尚未连接平台：请先运行 connect",
        ErrorCode::SignInRefused => "机构代码、操作员或密码有误",
        ErrorCode::SignInExpired => "登录已失效：请重新运行 connect",
        ErrorCode::Unreachable => "连不上平台：请检查网络，未发送的内容仍在待发箱",
        ErrorCode::TimedOut => "平台没有按时应答，稍后再试，未发送的内容仍在待发箱",
        ErrorCode::InsecureConnection => "连接不安全：平台证书有误或已过期，请联系信息科",
        ErrorCode::ClockWrong => "本机时间偏差过大，请校准后再试",
        ErrorCode::Maintenance => "平台正在维护，稍后再试",
        ErrorCode::PlatformTooNew => "平台接口版本更新，请升级程序",
        ErrorCode::PlatformAnswer => "平台的应答无法识别，请联系平台客服",
        ErrorCode::QuotaUsed => "平台今日调用次数已用完，明日再试",
        ErrorCode::NotPermitted => "当前用户的平台角色没有这项权限",
        ErrorCode::NeedsTwoPeople => "双人复核需要本机至少有两人登录过，其中一人的角色可以复核这类提交",
        ErrorCode::OwnWork => "不能复核自己提交的内容，请由另一人复核",
        ErrorCode::TooManyAttempts => "口令连续输错，请稍候再试",
        ErrorCode::Forbidden => "该操作员没有此项权限",
        ErrorCode::OtherInstitution => "此档案属于另一家机构：请换一个档案文件夹",
        ErrorCode::BadAddress => "平台地址有误",
        ErrorCode::PlainHttp => "非本机地址必须使用 https",
        ErrorCode::NotFound => "没有找到",
        ErrorCode::MoreThanLeft => "数量超过可处理的余量",
        ErrorCode::WrongState => "当前状态不允许此操作",
        ErrorCode::FieldRequired => "缺少内容",
        ErrorCode::FieldInvalid => "内容有误",
        ErrorCode::AttachmentTooLarge => "附件超过平台允许的大小",
        ErrorCode::AttachmentUnreadable => "附件无法读取，或读取时被改动",
        ErrorCode::AttachmentRefused => "附件可能含有程序，或内容与名称不符：不予打开，只能另存",
        ErrorCode::ViewGone => "列表已关闭",
        ErrorCode::IndicatorsCounting => "首次同步或程序更新后，指标正在统计，已统计的已保存：请再运行一次",
        ErrorCode::OutsideCalendar => "日期超出工作日历的范围",
        ErrorCode::NotABackup => "此文件不是阳采工作台的备份，未被读取也未被覆盖",
        ErrorCode::BackupDamaged => "备份已损坏或被改动，请换一份备份",
        ErrorCode::FolderMissing => "文件夹不存在：磁盘是否已接好？",
        ErrorCode::BundleKeyMissing => "本机还没有机构交换密钥：请先联网连接或同步一次，再使用摆渡",
        ErrorCode::NotABundle => "这个文件不是摆渡包",
        ErrorCode::BundleForeign => "这个摆渡包不属于本机构或本平台，或者文件开头已损坏；没有改动任何内容",
        ErrorCode::BundleDamaged => "摆渡包不完整、已损坏或被改动，没有改动任何内容；请重新拷贝或重新中转",
        ErrorCode::BundleTooNew => "摆渡包由更新的版本写成：请升级本程序",
        ErrorCode::BundleOtherProfile => "这个摆渡包是另一台电脑导出的，请在那台电脑上导入",
        ErrorCode::BundleNotRelayed => "这个摆渡包还没有中转：请先在联网的电脑上中转",
        ErrorCode::FileIsOther => "这个文件已存在，而且不是摆渡包，没有覆盖它：请换一个文件名",
        ErrorCode::FileUnreadable => "文件无法读取或写入",
        ErrorCode::InsideProfile => "文件在档案文件夹内，没有写入，档案未被改动：请换一个位置",
        ErrorCode::NotRegularFile => "此处是设备、管道或文件夹，不是普通文件，没有写入：请换一个文件名",
        ErrorCode::LedgerNotATable => "文件既不是工作簿，也不是文本表格",
        ErrorCode::LedgerEmpty => "文件中没有内容",
        ErrorCode::LedgerPassword => "工作簿设有密码：请另存为无密码的文件",
        ErrorCode::LedgerDamaged => "文件已损坏，读到此行为止，没有导入任何内容",
        ErrorCode::LedgerTooLarge => "文件过大，或此行的列数过多",
        ErrorCode::LedgerNoHeadings => "找不到表头：请指明各列的含义",
        ErrorCode::LedgerNoQuantity => "表头中没有数量列",
        ErrorCode::LedgerEncoding => "此行的文字既不是 UTF-8 也不是 GB18030",
        ErrorCode::LedgerQuote => "此行的引号没有闭合",
        ErrorCode::LedgerChanged => "文件在预览之后被改动，没有导入任何内容：请重新预览",
        ErrorCode::PeriodMissing => "此行没有日期：请用 --period 指明所属月份",
        ErrorCode::PeriodSigned => "该月对账单已签，不能再改",
        ErrorCode::DataChanged => "数据已有变化，请重新查看后再签",
        ErrorCode::Cancelled => "已停止，下次从此处继续",
        ErrorCode::Internal => "程序内部错误",
    }
}
