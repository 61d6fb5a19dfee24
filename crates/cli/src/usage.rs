//! What was typed wrong, in Chinese, and for scripts.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::message::Failure;

/// The failure for arguments that are none; `None` where help or the version was asked for.
pub(crate) fn failure(error: &clap::Error) -> Option<Failure> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = || said(ContextKind::InvalidArg);
    let msg = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return None,
        ErrorKind::UnknownArgument => format!("没有这个参数：{}", argument()),
        ErrorKind::InvalidSubcommand => format!("没有这个命令：{}", said(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "需要一个命令；sunbench --help 列出全部".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{}", argument()),
        ErrorKind::ArgumentConflict => {
            format!("{} 不能与 {} 同时使用", argument(), said(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
            if said(ContextKind::InvalidValue).is_empty() =>
        {
            format!("参数 {} 需要一个值", argument())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = said(ContextKind::ValidValue);
            let valid = if valid.is_empty() { valid } else { format!("，可用：{valid}") };
            format!("参数 {} 的值“{}”不可用{valid}", argument(), said(ContextKind::InvalidValue))
        }
        ErrorKind::InvalidUtf8 => "参数不是有效的文本".to_owned(),
        _ => format!("参数有误：{}", argument()),
    };
    Some(Failure::usage("usage", msg))
}
