//! The verbs and their options. Others script against them: names are stable.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand};

/// 阳采工作台 without a window.
#[derive(Parser)]
#[command(
    name = "sunbench",
    version,
    about = "阳采工作台：无窗口命令。退出码 0 完成，1 失败（有说明），2 用法错误。"
)]
pub(crate) struct Arguments {
    /// The profile's folder; by default the user's data folder.
    #[arg(long, global = true, value_name = "DIR", help = "档案文件夹（默认在用户数据目录）")]
    pub(crate) data: Option<PathBuf>,
    /// One JSON document on stdout.
    #[arg(long, global = true, help = "标准输出为一个 JSON 文档")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// 工作日历
    Calendar {
        /// 起始日期 yyyy-MM-dd
        #[arg(long)]
        from: NaiveDate,
        /// 结束日期（含）
        #[arg(long)]
        to: NaiveDate,
    },
    /// 计算时限
    Deadline {
        /// 触发时刻，RFC 3339
        #[arg(long)]
        from: String,
        /// 工作日数
        #[arg(
            long,
            conflicts_with = "hours",
            required_unless_present = "hours",
            allow_negative_numbers = true
        )]
        working_days: Option<u32>,
        /// 自然小时数
        #[arg(long, allow_negative_numbers = true)]
        hours: Option<u32>,
    },
    /// 校验编码：mcs、udi、gtin、uscc、institution
    CheckCode {
        /// 编码种类
        kind: String,
        /// 编码
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// 连接平台并登录（当日首次登录即打卡）
    Connect {
        /// 平台地址
        #[arg(long)]
        url: String,
        /// 医疗机构代码
        #[arg(long)]
        institution: String,
        /// 操作员
        #[arg(long)]
        user: String,
        /// 存有密码的文件
        #[arg(long)]
        password_file: PathBuf,
        /// 平台协议
        #[arg(long, default_value = "reference", value_parser = ["reference"])]
        adapter: String,
    },
    /// 同步一次：先发送，后接收
    Sync,
    /// 当前状况
    Status,
    /// 督办通知
    Notices {
        /// 仅未办结
        #[arg(long)]
        open: bool,
    },
    /// 反馈督办通知（写入待发箱，同步时发送）
    Reply {
        /// 通知编号
        notice: String,
        /// 反馈正文；第一段为原因分析，其余为整改措施
        #[arg(long)]
        text_file: PathBuf,
        /// 附件，可重复
        #[arg(long)]
        attach: Vec<PathBuf>,
    },
    /// 收货（写入待发箱，同步时发送）
    Receive {
        /// 配送单编号，或未收完的配送单的配送单号
        #[arg(long, value_name = "ID")]
        delivery: String,
        /// 收货明细：JSON，或带表头的表格（csv、xlsx）：配送明细（或 UDI）、收货数量、拒收数量、拒收原因、批号、有效期
        #[arg(long, value_name = "F", conflicts_with = "all", required_unless_present = "all")]
        file: Option<PathBuf>,
        /// 未收的全部收下
        #[arg(long)]
        all: bool,
    },
    /// 订单明细
    Orders {
        /// 检索：名称、拼音、编码、企业、订单号
        #[arg(long, default_value = "")]
        text: String,
        /// 状态代码，可重复
        #[arg(long)]
        state: Vec<String>,
        /// 起始日期
        #[arg(long)]
        from: Option<NaiveDate>,
        /// 结束日期（含）
        #[arg(long)]
        to: Option<NaiveDate>,
        /// 院区名称或编号（见设置）
        #[arg(long)]
        campus: Option<String>,
        /// 最多行数
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// 上一页的 next
        #[arg(long)]
        after: Option<String>,
    },
    /// 待发箱
    Outbox,
    /// 双人复核：规则、查看、通过、退回（以当前登录人的名义）
    Review {
        #[command(subcommand)]
        step: ReviewStep,
    },
    /// 导入医院台账
    Import {
        /// 导入方案：已存的名称，或方案文件（读入后存下）；新的名称则按识别结果读取并存下。不给则用表头相符的方案，没有时同样识别并存下
        #[arg(long, value_name = "P", conflicts_with = "detect")]
        profile: Option<String>,
        /// 只看识别结果，不导入
        #[arg(long)]
        detect: bool,
        /// 没有日期的行所属的月份 yyyy-MM
        #[arg(long, value_name = "YYYY-MM", conflicts_with = "detect")]
        period: Option<String>,
        /// 台账文件（xlsx、xls、ods、csv）
        file: PathBuf,
    },
    /// 导出清单：工作簿（.xlsx）或文本（其他扩展名，UTF-8 CSV）
    Export {
        /// 种类：orders 订单、deliveries 配送、receipts 收货、returns 退货、invoices 发票、settlements 结算、products 挂网目录、items
        /// 院内对照、agreements 协议、contracts 合同、filings 备案、supply-issues 供应问题、negotiations 议价、evaluations 评价、
        /// demand-reports 报量、notices 督办、outbox 待发箱、ledger 台账、differences 对账差异
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(sunbench_app::export_kinds()))]
        kind: String,
        /// 目标文件
        file: PathBuf,
        /// 差异所属的月份；不给则为台账的最后一个月
        #[arg(long, value_name = "YYYY-MM")]
        period: Option<String>,
    },
    /// 打印件写成 PDF：验收单、供应问题反馈函、督办整改反馈
    Print {
        /// 打印件的种类
        kind: crate::print::Paper,
        /// 收货单、供应问题或通知的编号
        id: String,
        /// 目标文件
        file: PathBuf,
        /// 致医保部门的函：主送机关（不给则为上报时的受理机关）
        #[arg(long)]
        addressee: Option<String>,
    },
    /// 对账：某月的平台数据与已导入的台账，或两个文件逐行核对
    Reconcile {
        /// 对账月份（用档案）
        #[arg(
            long,
            value_name = "YYYY-MM",
            conflicts_with_all = ["left", "right", "profile"],
            required_unless_present_all = ["left", "right"]
        )]
        period: Option<String>,
        /// 平台一方的文件（xlsx、xls、ods、csv）
        #[arg(long, value_name = "FILE", requires = "right")]
        left: Option<PathBuf>,
        /// 医院台账的文件
        #[arg(long, value_name = "FILE", requires = "left")]
        right: Option<PathBuf>,
        /// 导入方案（列对照）的文件
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        /// 对账单写入此工作簿（xlsx）
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// 对账单写成此 PDF（仅 --period）
        #[arg(long, value_name = "FILE", conflicts_with_all = ["left", "right"])]
        pdf: Option<PathBuf>,
    },
    /// 指标：本机按政策包提前计算
    Indicators {
        /// 按这一天结束时的数据和规则计算；不给则为今天
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
        /// 政策包；不给则为本机构所在地的
        #[arg(long, value_name = "P")]
        pack: Option<String>,
    },
    /// 校验档案与审计日志
    Verify,
    /// 审计日志：校验、导出、说明
    Audit {
        #[command(subcommand)]
        step: AuditStep,
    },
    /// 摆渡：本机与平台之间没有网络时，用文件交换
    Bundle {
        #[command(subcommand)]
        step: BundleStep,
    },
    /// 备份整个档案到一个加密文件，写后验证
    Backup {
        /// 备份文件；已有的备份在新备份验证后才被替换
        file: PathBuf,
    },
    /// 用备份替换档案；原档案移到一旁
    Restore {
        /// 备份文件
        file: PathBuf,
        /// 存有恢复码的文件；不给则用系统密钥环或 SUNBENCH_PASSPHRASE_FILE
        #[arg(long)]
        recovery_code_file: Option<PathBuf>,
    },
    /// 更换密钥：重新加密档案，生成新的恢复码
    RotateKey,
}

/// What is done with the audit log.
#[derive(Subcommand)]
pub(crate) enum AuditStep {
    /// 逐条核对，并与数据库旁的记号比对
    Verify,
    /// 导出到一个不用本程序也能核对的文件（JSON Lines）
    Export {
        /// 目标文件
        file: PathBuf,
    },
    /// 说明发送了什么、由谁、平台如何答复
    Explain {
        /// 某一天 yyyy-MM-dd
        #[arg(long, conflicts_with_all = ["from", "to"])]
        on: Option<NaiveDate>,
        /// 起始日期
        #[arg(long)]
        from: Option<NaiveDate>,
        /// 结束日期（含）
        #[arg(long)]
        to: Option<NaiveDate>,
        /// 通知、订单或配送单的编号，或提交号
        #[arg(long)]
        about: Option<String>,
    },
}

/// What a second person does.
#[derive(Subcommand)]
pub(crate) enum ReviewStep {
    /// 哪些提交需要复核
    Rules,
    /// 从现在起这类提交需要复核
    Require {
        /// 提交种类，如 notice.reply、order.submit
        kind: String,
    },
    /// 从现在起这类提交不再需要复核；已在等待的不受影响
    Release {
        /// 提交种类
        kind: String,
    },
    /// 查看一件提交的全部内容
    Show {
        /// 提交号
        key: String,
    },
    /// 通过：原样发送
    Approve {
        /// 提交号
        key: String,
    },
    /// 退回经办人
    Return {
        /// 提交号
        key: String,
        /// 退回原因
        #[arg(long)]
        reason: String,
    },
}

/// The steps of the exchange by file, in their order.
#[derive(Subcommand)]
pub(crate) enum BundleStep {
    /// 导出：把待发内容写入摆渡包（在没有网络的电脑上）
    Export {
        /// 摆渡包文件；已有的摆渡包会被替换，其他文件不会
        file: PathBuf,
    },
    /// 中转：把摆渡包送到平台，答复与变动写回同一个文件（在联网的电脑上，同一机构的档案）
    Relay {
        /// 摆渡包文件
        file: PathBuf,
    },
    /// 导入：收回答复与变动（在导出的电脑上）
    Import {
        /// 摆渡包文件
        file: PathBuf,
    },
}
