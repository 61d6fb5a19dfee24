//! What a file is, by its name and by its first bytes. Only what both agree on is opened, and nothing that could run.

use super::name::extension;
use crate::wire::AttachmentKind as Kind;

/// What the system's viewers may open, with what such a file begins with.
const KNOWN: &[(&str, Kind, Content)] = &[
    ("pdf", Kind::Document, Content::Pdf),
    ("ofd", Kind::Document, Content::Zip),
    ("doc", Kind::Document, Content::Ole),
    ("docx", Kind::Document, Content::Zip),
    ("wps", Kind::Document, Content::Ole),
    ("ppt", Kind::Document, Content::Ole),
    ("pptx", Kind::Document, Content::Zip),
    ("dps", Kind::Document, Content::Ole),
    ("xls", Kind::Sheet, Content::Ole),
    ("xlsx", Kind::Sheet, Content::Zip),
    ("et", Kind::Sheet, Content::Ole),
    ("csv", Kind::Text, Content::Text),
    ("txt", Kind::Text, Content::Text),
    ("png", Kind::Picture, Content::Starts(b"\x89PNG\r\n\x1a\n")),
    ("jpg", Kind::Picture, Content::Starts(b"\xff\xd8\xff")),
    ("jpeg", Kind::Picture, Content::Starts(b"\xff\xd8\xff")),
    ("gif", Kind::Picture, Content::Starts(b"GIF8")),
    ("bmp", Kind::Picture, Content::Starts(b"BM")),
    ("tif", Kind::Picture, Content::Tiff),
    ("tiff", Kind::Picture, Content::Tiff),
    ("webp", Kind::Picture, Content::Webp),
];

/// Endings that some system runs, opens in a browser, or follows to somewhere else.
const RUNS: &[&str] = &[
    "ace",
    "action",
    "apk",
    "app",
    "appimage",
    "application",
    "appref-ms",
    "bash",
    "bat",
    "bin",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "csh",
    "deb",
    "desktop",
    "dex",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "dylib",
    "elf",
    "exe",
    "fish",
    "gadget",
    "hta",
    "htm",
    "html",
    "img",
    "inf",
    "ins",
    "iqy",
    "iso",
    "jar",
    "jnlp",
    "job",
    "js",
    "jse",
    "ksh",
    "library-ms",
    "lnk",
    "mht",
    "mhtml",
    "msc",
    "msi",
    "msix",
    "msp",
    "mst",
    "ocx",
    "oqy",
    "osx",
    "pcd",
    "pif",
    "pkg",
    "pl",
    "potm",
    "ppam",
    "ppsm",
    "pptm",
    "prf",
    "ps1",
    "psd1",
    "psm1",
    "py",
    "pyc",
    "pyw",
    "rb",
    "reg",
    "rpm",
    "rqy",
    "run",
    "scf",
    "scr",
    "sct",
    "search-ms",
    "service",
    "settingcontent-ms",
    "sh",
    "shb",
    "shs",
    "slk",
    "so",
    "svg",
    "svgz",
    "swf",
    "sys",
    "theme",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "wasm",
    "webloc",
    "website",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xht",
    "xhtml",
    "xla",
    "xlam",
    "xll",
    "xlm",
    "xlsb",
    "xlsm",
    "xltm",
    "xml",
    "xps",
    "xsl",
    "xslt",
    "zsh",
];

const ARCHIVES: &[&str] =
    &["zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "zst", "tar", "cab", "arj", "lzh", "z"];

/// First bytes that a system runs whatever the name says.
const PROGRAMS: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"!<arch>",
    b"\xed\xab\xee\xdb",
    b"[Desktop Entry]",
    b"[InternetShortcut]",
    b"ITSF",
];

/// Bytes that are looked at for words.
const LOOKED_AT: usize = 4096;

#[derive(Debug, Clone, Copy)]
enum Content {
    Pdf,
    Zip,
    Ole,
    Text,
    Tiff,
    Webp,
    Starts(&'static [u8]),
}

impl Content {
    fn fits(self, bytes: &[u8]) -> bool {
        match self {
            // Readers look for the mark within the first kilobyte; so do we, since scanners put something before it.
            Self::Pdf => bytes[..bytes.len().min(1024)].windows(5).any(|w| w == b"%PDF-"),
            Self::Zip => bytes.starts_with(b"PK\x03\x04"),
            Self::Ole => bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            Self::Text => is_plain_text(bytes),
            Self::Tiff => bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*"),
            Self::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
            Self::Starts(mark) => bytes.starts_with(mark),
        }
    }
}

/// Text that no program takes for a page or a script. GBK is text too, so only control bytes speak against it.
fn is_plain_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let controls = head.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
    !controls && !is_markup(bytes)
}

/// A web page or another text that a browser would run.
fn is_markup(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]).to_lowercase();
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let begins =
        ["<!doctype", "<html", "<script", "<svg", "<?xml", "<hta:", "mime-version:", "<body", "<iframe"];
    begins.iter().any(|mark| head.starts_with(mark))
        || ["<script", "<svg", "<iframe", "javascript:"].iter().any(|mark| head.contains(mark))
}

/// What is found out about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) may_open: bool,
    pub(super) disguised: bool,
}

/// Judges a file by its (safe) name and its content.
pub(super) fn judge(name: &str, content: &[u8]) -> Found {
    let ending = extension(name);
    let runs = PROGRAMS.iter().any(|mark| content.starts_with(mark));
    if let Some((_, kind, expected)) = KNOWN.iter().find(|(known, ..)| *known == ending) {
        let fits = !runs && expected.fits(content);
        return Found { kind: if runs { Kind::Program } else { *kind }, may_open: fits, disguised: !fits };
    }
    let (kind, disguised) = if RUNS.contains(&ending.as_str()) || is_markup(content) {
        (Kind::Program, false)
    } else if runs {
        (Kind::Program, true)
    } else if ARCHIVES.contains(&ending.as_str()) {
        (Kind::Archive, false)
    } else {
        (Kind::Other, false)
    };
    Found { kind, may_open: false, disguised }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_what_it_says_is_opened() {
        let png: &[u8] = b"\x89PNG\r\n\x1a\n....";
        let zip: &[u8] = b"PK\x03\x04....";
        for (name, content, kind, may_open, disguised) in [
            ("a.pdf", &b"%PDF-1.7 ..."[..], Kind::Document, true, false),
            ("A.PDF", b"\xef\xbb\xbf\n%PDF-1.4", Kind::Document, true, false),
            ("a.png", png, Kind::Picture, true, false),
            ("a.xlsx", zip, Kind::Sheet, true, false),
            ("a.txt", "督办回复".as_bytes(), Kind::Text, true, false),
            ("a.csv", b"=HYPERLINK(\"http://x\",\"y\"),1", Kind::Text, true, false),
            ("a.txt", b"\xb6\xbd\xb0\xec", Kind::Text, true, false),
            ("a.pdf", b"MZ\x90\x00", Kind::Program, false, true),
            ("a.pdf", b"<html><script>", Kind::Document, false, true),
            ("a.jpg", png, Kind::Picture, false, true),
            ("a.txt", b"<svg onload=alert(1)>", Kind::Text, false, true),
            ("a.txt", b"#!/bin/sh\nrm -rf ~", Kind::Program, false, true),
            ("a.txt", b"x <script>alert(1)</script>", Kind::Text, false, true),
            ("a.docx", b"\x7fELF", Kind::Program, false, true),
            ("a.pdf", b"", Kind::Document, false, true),
            ("a.svg", b"<svg/>", Kind::Program, false, false),
            ("a.html", b"<p>", Kind::Program, false, false),
            ("a.pdf.exe", b"MZ", Kind::Program, false, false),
            ("a.docm", zip, Kind::Program, false, false),
            ("a.lnk", b"L", Kind::Program, false, false),
            ("a.desktop", b"[Desktop Entry]", Kind::Program, false, false),
            ("a.zip", zip, Kind::Archive, false, false),
            ("a", b"MZ", Kind::Program, false, true),
            ("a", b"...", Kind::Other, false, false),
            ("a.dat", b"<script>", Kind::Program, false, false),
        ] {
            assert_eq!(judge(name, content), Found { kind, may_open, disguised }, "{name} {content:?}");
        }
    }

    #[test]
    fn nothing_that_runs_is_opened() {
        for ending in RUNS.iter().chain(ARCHIVES) {
            for content in [&b"%PDF-1.7"[..], b"", b"\x89PNG\r\n\x1a\n", b"text"] {
                assert!(!judge(&format!("a.{ending}"), content).may_open, "{ending}");
            }
        }
        assert!(KNOWN.iter().all(|(known, ..)| !RUNS.contains(known) && !ARCHIVES.contains(known)));
    }
}
