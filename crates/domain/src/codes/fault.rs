//! Why a code is invalid.

use serde::{Deserialize, Serialize};

/// 编码错误: the first thing wrong with a code. Positions are counted from 1 in the normalised form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase")]
pub enum CodeFault {
    /// Nothing but blanks.
    Empty,
    /// A spreadsheet took the code for a number (`1.23E+19`, `690.0`): digits may be lost.
    NumericCell,
    /// The number of characters is wrong.
    Length {
        /// The lengths that are right, in words.
        expected: String,
        /// How many there are.
        found: usize,
    },
    /// An MA code of fewer than five segments.
    Segments {
        /// How many there are.
        found: usize,
    },
    /// A character that can't stand here.
    Character {
        /// Its place, from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// The code does not begin as its kind does.
    Prefix {
        /// How it should begin.
        expected: String,
    },
    /// The check character does not agree with the rest: a slip in copying.
    CheckCharacter {
        /// Which number it belongs to.
        field: String,
        /// What the rest calls for.
        expected: char,
        /// What is there.
        found: char,
    },
    /// Nothing but zeros.
    AllZeros,
    /// A date that does not exist, or is not written as the standard has it.
    Date {
        /// Which field.
        field: String,
        /// What is there.
        value: String,
    },
    /// An identifier that the standard does not know, or this program does not.
    UnknownIdentifier {
        /// The identifier.
        identifier: String,
    },
    /// The same identifier twice.
    RepeatedIdentifier {
        /// The identifier.
        identifier: String,
    },
    /// The value after an identifier has the wrong length.
    ElementLength {
        /// The identifier.
        identifier: String,
        /// How many characters follow it.
        found: usize,
    },
    /// The value after an identifier has a character that can't stand there.
    ElementCharacter {
        /// The identifier.
        identifier: String,
        /// The character.
        found: char,
    },
    /// A value of variable length does not end: the separator (FNC1) was lost between scanner and screen.
    MissingSeparator {
        /// The identifier of the value.
        identifier: String,
    },
    /// Only production data, no product: half of the label.
    MissingProduct,
    /// The secondary bar code belongs to another product than the primary one.
    Link {
        /// The link character that the primary calls for.
        expected: char,
        /// What is there.
        found: char,
    },
    /// Not a form of any known issuing agency.
    UnknownIssuer,
}

impl CodeFault {
    /// The reason for the user, in Chinese.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::Empty => "编码为空".to_owned(),
            Self::NumericCell => {
                "该编码被表格软件当作数字保存（如 1.23E+19），位数可能已丢失，请按文本格式重新取码".to_owned()
            }
            Self::Length { expected, found } => format!("应为 {expected}，实际 {found} 位"),
            Self::Segments { found } => format!("MA 码至少应有 5 段（以“.”分隔），实际 {found} 段"),
            Self::Character { position, found } => format!("第 {position} 位的“{}”不允许", shown(*found)),
            Self::Prefix { expected } => format!("应以“{expected}”开头"),
            Self::CheckCharacter { field, expected, found } => {
                let (expected, found) = (shown(*expected), shown(*found));
                format!("{field}的校验码应为“{expected}”，实际为“{found}”，请核对是否抄错")
            }
            Self::AllZeros => "编码全为零".to_owned(),
            Self::Date { field, value } => format!("{field}“{value}”不是有效日期"),
            Self::UnknownIdentifier { identifier } => {
                format!("无法识别的标识符“{}”", identifier.chars().map(shown).collect::<String>())
            }
            Self::RepeatedIdentifier { identifier } => format!("标识符“{identifier}”重复"),
            Self::ElementLength { identifier, found } => {
                format!("标识符“{identifier}”后的内容长度不对（{found} 位）")
            }
            Self::ElementCharacter { identifier, found } => {
                format!("标识符“{identifier}”后的内容含有不允许的字符“{}”", shown(*found))
            }
            Self::MissingSeparator { identifier } => {
                format!("标识符“{identifier}”后的内容过长，疑似缺少分隔符（FNC1），请检查扫码枪设置")
            }
            Self::MissingProduct => "只有生产标识，缺少产品标识（DI），请连同主条码一起扫描".to_owned(),
            Self::Link { expected, found } => {
                let (expected, found) = (shown(*expected), shown(*found));
                format!("副条码的连接字符应为“{expected}”，实际为“{found}”，与主条码不是同一产品")
            }
            Self::UnknownIssuer => "不是 GS1、MA 或 HIBC 的编码格式".to_owned(),
        }
    }
}

/// A character as it can be shown: a control character or a blank by its number.
fn shown(c: char) -> String {
    if c.is_control() || c.is_whitespace() { format!("U+{:04X}", c as u32) } else { c.to_string() }
}
