//! A name that any system takes as the name of a file and as nothing else.

use sunbench_domain::text::is_invisible;

/// Bytes of a name at most: every file system takes 255, and a number in front must still fit.
const LONGEST: usize = 200;
/// Characters of a name at most: longer ones help nobody.
const CHARACTERS: usize = 120;
/// What is taken for a file's type.
const LONGEST_EXTENSION: usize = 10;

/// Windows takes these for devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The last part of whatever path a file was named by, without what a system could take for a folder, a drive, a
/// stream, a device or a command, and without what hides the true ending from a reader.
///
/// `../../a.txt` is `a.txt`, `C:\x\a.txt:evil` is `a.txt_evil`, `CON` is `_CON`.
pub(crate) fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| match c {
            ':' | '*' | '?' | '"' | '<' | '>' | '|' | '`' | '$' | '%' | '&' | ';' | '\u{2215}'
            | '\u{2044}' | '\u{ff0f}' | '\u{ff3c}' | '\u{fffd}' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    // Windows drops dots and blanks at the end; a dot in front hides a file, a hyphen makes it an option.
    let clean = clean.trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ', '-', '~']);
    let clean = shortened(clean);
    if clean.is_empty() {
        return "附件".to_owned();
    }
    if is_device(&clean) { format!("_{clean}") } else { clean }
}

/// Cuts in the middle, so that the ending stays what it was.
fn shortened(name: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().count() <= LONGEST_EXTENSION => {
            (stem, format!(".{extension}"))
        }
        _ => (name, String::new()),
    };
    let mut out = String::new();
    for (n, c) in stem.chars().enumerate() {
        if n + extension.chars().count() >= CHARACTERS || out.len() + c.len_utf8() + extension.len() > LONGEST
        {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned() + &extension
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|number| {
            matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    });
    numbered || DEVICES.contains(&stem.as_str())
}

/// The ending in lower case, without the dot; empty where there is none.
pub(super) fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_only_names() {
        for (given, expected) in [
            ("整改报告.pdf", "整改报告.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\Windows\\a.dll", "a.dll"),
            ("/etc/cron.d/x", "x"),
            ("C:\\Users\\x\\a.txt", "a.txt"),
            ("C:a.txt", "C_a.txt"),
            ("a.txt:evil", "a.txt_evil"),
            ("a.txt::$DATA", "a.txt___DATA"),
            ("\\\\server\\share\\a.txt", "a.txt"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("NUL .pdf", "_NUL.pdf"),
            ("com1.pdf", "_com1.pdf"),
            ("Lpt9", "_Lpt9"),
            ("COM¹.txt", "_COM¹.txt"),
            ("console.txt", "console.txt"),
            ("a.exe. . .", "a.exe"),
            ("...", "附件"),
            ("..", "附件"),
            ("", "附件"),
            ("  ", "附件"),
            ("a/", "a"),
            ("/", "附件"),
            (".bashrc", "bashrc"),
            ("-rf.txt", "rf.txt"),
            ("~x.txt", "x.txt"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\u{200b}b\u{feff}.pdf", "ab.pdf"),
            ("a\0b.pdf", "ab.pdf"),
            ("a\nb\r.pdf", "ab.pdf"),
            ("a\u{1b}[31mb.pdf", "a[31mb.pdf"),
            ("=HYPERLINK(\"http://x\").csv", "x_).csv"),
            ("=cmd|' -C calc'!A0.csv", "=cmd_' -C calc'!A0.csv"),
            ("a%00.pdf", "a_00.pdf"),
            ("$(reboot)`x`;y&z.pdf", "_(reboot)_x__y_z.pdf"),
            ("a\u{2215}b\u{ff0f}c.pdf", "a_b_c.pdf"),
            ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
            ("二\u{3000}空\t格.pdf", "二 空格.pdf"),
        ] {
            assert_eq!(file_name(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        for given in ["长".repeat(500) + ".pdf", "x".repeat(5_000_000) + ".docx", "é".repeat(130) + ".a"] {
            let name = file_name(&given);
            assert!(name.len() <= LONGEST && name.chars().count() <= CHARACTERS, "{}", name.len());
            assert_eq!(extension(&name), extension(&given));
        }
        assert_eq!(file_name(&format!("a.{}", "e".repeat(400))).chars().count(), CHARACTERS);
    }

    #[test]
    fn a_safe_name_stays_as_it_is() {
        for name in ["CON", "a.txt:evil", "../x.pdf", "a\u{202e}b.pdf", &"长".repeat(500)] {
            let once = file_name(name);
            assert_eq!(file_name(&once), once);
        }
    }
}
