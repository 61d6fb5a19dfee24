//! Why a pack is refused, in Chinese and in English.

/// Why a pack is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {key}: {fault}")]
pub struct PackError {
    /// The file.
    pub file: String,
    /// The key, such as `indicator[3].window`; `line 3` where the text is not TOML, `file` where it is no text.
    pub key: String,
    /// What is wrong.
    pub fault: PackFault,
}

/// What is wrong in a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackFault {
    /// Not TOML.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// Not text in UTF-8.
    #[error("not UTF-8 text")]
    NotUtf8,
    /// A byte order mark before the text.
    #[error("begins with a byte order mark; save it as UTF-8 without one")]
    Bom,
    /// Larger than any pack.
    #[error("larger than 256 KiB")]
    TooLarge,
    /// A folder, a link, a device.
    #[error("not a regular file")]
    NotAFile,
    /// It cannot be opened.
    #[error("cannot be read")]
    NotReadable,
    /// There are too many packs before it.
    #[error("there are too many packs")]
    TooMany,
    /// The schema's number is not 1.
    #[error("unknown schema {0}, expected 1")]
    Schema(u32),
    /// The id is not the file's name.
    #[error("the id is `{0}` but the file is named otherwise")]
    OtherName(String),
    /// Two rules have one id.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// It extends a pack that is not there, or itself.
    #[error("extends `{0}`, which is not there or extends this one")]
    UnknownParent(String),
    /// A key that no rule has.
    #[error("`{0}` is no key that packs have here")]
    UnknownKey(String),
    /// A name that is none of the known ones.
    #[error("`{0}` is not known here")]
    UnknownName(String),
    /// What has to be said is not.
    #[error("missing")]
    Missing,
    /// A text where a number should be, or the like.
    #[error("of the wrong type: {0}")]
    WrongType(String),
    /// Not a decimal number, or out of its range.
    #[error("`{0}` is not a number in range")]
    Number(String),
    /// Not of small letters, digits and hyphens.
    #[error("`{0}` is not made of small letters, digits and hyphens")]
    Form(String),
    /// A text that is too long.
    #[error("longer than 300 characters")]
    TooLong,
    /// A milder limit after a stricter one.
    #[error("the limits do not get worse from notice to serious")]
    Order,
    /// The last day is before the first.
    #[error("ends before it begins")]
    Reversed,
}

impl PackFault {
    /// From what serde says of a value at a path: the key and what is wrong there.
    pub(super) fn of_message(path: String, message: &str) -> (String, Self) {
        let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
        let below = |name: &str| match path.rsplit(['.', ']']).next() {
            Some(last) if last == name => path.clone(),
            _ if path.is_empty() => name.to_owned(),
            _ => format!("{path}.{name}"),
        };
        if message.starts_with("unknown field") {
            (below(&quoted()), Self::UnknownKey(quoted()))
        } else if message.starts_with("missing field") {
            (below(&quoted()), Self::Missing)
        } else if message.starts_with("invalid value: integer") {
            (path, Self::Number(quoted()))
        } else if message.starts_with("invalid type") {
            (path, Self::WrongType(message.trim_start_matches("invalid type: ").to_owned()))
        } else {
            (path, Self::Syntax(message.to_owned()))
        }
    }
}

impl PackError {
    /// Of a file as a whole.
    #[must_use]
    pub fn of_file(file: &str, fault: PackFault) -> Self {
        Self { file: file.to_owned(), key: "file".to_owned(), fault }
    }

    /// For people, in Chinese; [`ToString`] says the same in English.
    #[must_use]
    pub fn text_zh(&self) -> String {
        let why = match &self.fault {
            PackFault::Syntax(why) => format!("不是有效的 TOML：{why}"),
            PackFault::NotUtf8 => "不是 UTF-8 文本，请另存为 UTF-8".to_owned(),
            PackFault::Bom => "文件开头有 BOM 标记，请另存为不带 BOM 的 UTF-8".to_owned(),
            PackFault::TooLarge => "超过 256 KB".to_owned(),
            PackFault::NotAFile => "不是普通文件（是文件夹、链接或设备）".to_owned(),
            PackFault::NotReadable => "文件打不开".to_owned(),
            PackFault::TooMany => "政策包文件太多".to_owned(),
            PackFault::Schema(found) => format!("版式 schema 为 {found}，应为 1"),
            PackFault::OtherName(id) => format!("编号“{id}”与文件名不一致"),
            PackFault::Twice(id) => format!("“{id}”重复"),
            PackFault::UnknownParent(id) => format!("所继承的“{id}”不存在，或互相继承"),
            PackFault::UnknownKey(name) => format!("这里没有“{name}”这一项"),
            PackFault::UnknownName(name) => format!("“{name}”不是这里已知的名称"),
            PackFault::Missing => "缺少内容".to_owned(),
            PackFault::WrongType(why) => format!("类型不对（{why}）"),
            PackFault::Number(text) => format!("“{text}”不是允许范围内的数"),
            PackFault::Form(text) => format!("“{text}”应由小写字母、数字和连字符组成"),
            PackFault::TooLong => "超过 300 个字".to_owned(),
            PackFault::Order => "阈值应由提示、预警到严重依次加重".to_owned(),
            PackFault::Reversed => "结束日期早于开始日期".to_owned(),
        };
        let place = match self.key.strip_prefix("line ") {
            Some(line) => format!("第 {line} 行"),
            None if self.key == "file" => "整个文件".to_owned(),
            None => self.key.clone(),
        };
        format!("政策包 {}，{place}：{why}", self.file)
    }
}
