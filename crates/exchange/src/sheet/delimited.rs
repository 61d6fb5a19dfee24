//! Delimited text: its encoding, its delimiter, its rows.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use memchr::{memchr_iter, memchr2_iter};

use super::error::{MOST_COLUMNS, SheetError};
use super::row::CellKind;
use super::{Flow, Row};

/// What may stand between two fields; the first wins where two fit equally.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The rows by which the delimiter is found.
pub(super) const SAMPLE_ROWS: usize = 50;

/// A longer field is none of a ledger; between quotation marks, one of them was never closed.
const LONGEST_FIELD: usize = 1 << 20;

/// Text with its delimiter.
pub(super) struct Text {
    text: String,
    delimiter: u8,
}

/// Bytes to text: by its mark, as UTF-8, or as GB18030, which Chinese programs write without saying so.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, &'static str), SheetError> {
    for (mark, encoding) in [(&[0xff, 0xfe][..], UTF_16LE), (&[0xfe, 0xff][..], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, failed) = encoding.decode_without_bom_handling(rest);
            return if failed {
                Err(SheetError::Encoding { row: 1 })
            } else {
                Ok((text.into_owned(), encoding.name()))
            };
        }
    }
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => (text, "UTF-8"),
        Err(error) => {
            let bytes = error.into_bytes();
            let (text, failed) = GB18030.decode_without_bom_handling(&bytes);
            if failed {
                let bad = text.find('\u{fffd}').unwrap_or(0);
                let row = 1 + text[..bad].bytes().filter(|byte| *byte == b'\n').count();
                return Err(SheetError::Encoding { row: row as u32 });
            }
            (text.into_owned(), GB18030.name())
        }
    };
    // Text has no noughts: this is some other program's file.
    if text.0.as_bytes().iter().take(4096).any(|byte| *byte == 0) {
        return Err(SheetError::NotATable);
    }
    Ok(text)
}

impl Text {
    pub(super) fn new(text: String) -> Result<Self, SheetError> {
        if text.trim().is_empty() {
            return Err(SheetError::Empty);
        }
        let delimiter = delimiter(&text);
        Ok(Self { text, delimiter })
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// How many rows there are at most.
    pub(super) fn most_rows(&self) -> usize {
        1 + [b'\n', b'\r'].map(|end| memchr_iter(end, self.text.as_bytes()).count()).iter().sum::<usize>()
    }

    pub(super) fn each_row(&self, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
        if self.text.contains('"') { self.each_quoted(each) } else { self.each_plain(each) }
    }

    /// Without a quotation mark, rows and fields end where their marks stand. A line with nothing on it is no row.
    fn each_plain(&self, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
        let mut row = Row::default();
        let (mut number, mut start) = (0, 0);
        let ends = memchr2_iter(b'\n', b'\r', self.text.as_bytes()).chain([self.text.len()]);
        for end in ends {
            let line = &self.text[start..end];
            start = end + 1;
            if line.is_empty() {
                continue;
            }
            number += 1;
            row.begin_with(number, line);
            let mut field = 0;
            each_mark(line.as_bytes(), self.delimiter, |end| {
                let start = std::mem::replace(&mut field, end + 1);
                push_of_line(&mut row, line, start, end)
            })?;
            if !row.is_empty() && each(&row).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn each_quoted(&self, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
        let mut reader = reader(&self.text, self.delimiter);
        let mut record = csv::StringRecord::new();
        let mut row = Row::default();
        let mut number = 0;
        // Marks within the last field of the record before: only a quotation keeps them there.
        let mut is_quoted = false;
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                // The rest of the file would be one field.
                Ok(false) if is_quoted && !self.text.trim_end().ends_with('"') => {
                    return Err(SheetError::OpenQuote { row: number });
                }
                Ok(false) => return Ok(()),
                Err(error) => {
                    return Err(SheetError::Damaged { after_row: number, reason: error.to_string() });
                }
            }
            number += 1;
            let marks = [char::from(self.delimiter), '\n', '\r'];
            is_quoted = record.iter().next_back().is_some_and(|field| field.contains(marks));
            row.begin(number);
            for field in &record {
                push(&mut row, field, SheetError::OpenQuote { row: number })?;
            }
            if !row.is_empty() && each(&row).is_break() {
                return Ok(());
            }
        }
    }
}

/// Calls `each` with the place of every `mark`, and with the end of the line.
fn each_mark<E>(line: &[u8], mark: u8, mut each: impl FnMut(usize) -> Result<(), E>) -> Result<(), E> {
    // Eight bytes at once: fields are too short for anything wider.
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let marks = u64::from(mark) * 0x0101_0101_0101_0101;
    let (words, rest) = line.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let unlike = u64::from_le_bytes(*word) ^ marks;
        // The highest bit of every byte that is the mark.
        let mut found = !(((unlike & LOW) + LOW) | unlike | LOW);
        while found != 0 {
            each(number * 8 + found.trailing_zeros() as usize / 8)?;
            found &= found - 1;
        }
    }
    for (at, _) in rest.iter().enumerate().filter(|(_, byte)| **byte == mark) {
        each(words.len() * 8 + at)?;
    }
    each(line.len())
}

/// Adds a field of a row that was begun with its line.
fn push_of_line(row: &mut Row, line: &str, start: usize, end: usize) -> Result<(), SheetError> {
    if end - start > LONGEST_FIELD || row.len() >= MOST_COLUMNS {
        return push(row, &line[start..end], SheetError::TooLarge);
    }
    // Without quotation marks, an apostrophe is all that may keep a spreadsheet from making a number of a text.
    let is_kept = line.as_bytes().get(start) == Some(&b'\'');
    let start = if is_kept { end - plain(&line[start..end]).len() } else { start };
    row.push_of_text(start, end);
    Ok(())
}

/// Adds a field to its row; one that is too long means `too_long`.
fn push(row: &mut Row, field: &str, too_long: SheetError) -> Result<(), SheetError> {
    if field.len() > LONGEST_FIELD {
        return Err(too_long);
    }
    if row.len() < MOST_COLUMNS {
        row.push(CellKind::Text, plain(field));
    } else if !field.is_empty() {
        return Err(SheetError::TooWide { row: row.number() });
    }
    Ok(())
}

/// Programs write `="00123"` or `'00123` to keep a spreadsheet from making a number of it: the text is meant.
pub(super) fn plain(field: &str) -> &str {
    let inside = field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or_else(|| match field.strip_prefix('\'') {
        Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
        _ => field,
    })
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// The delimiter that cuts most rows of the sample into the same number of fields, and into more than one.
pub(super) fn delimiter(text: &str) -> u8 {
    let sample: String = text.split_inclusive('\n').take(SAMPLE_ROWS).collect();
    let fits = |delimiter: &u8| {
        let widths: Vec<usize> =
            reader(&sample, *delimiter).records().map_while(Result::ok).map(|record| record.len()).collect();
        let usual = widths
            .iter()
            .copied()
            .filter(|width| *width > 1)
            .max_by_key(|width| (widths.iter().filter(|other| *other == width).count(), *width));
        usual.map_or((0, 0), |usual| (widths.iter().filter(|width| **width == usual).count(), usual))
    };
    let mut best = (DELIMITERS[0], fits(&DELIMITERS[0]));
    for other in &DELIMITERS[1..] {
        let fit = fits(other);
        if fit > best.1 {
            best = (*other, fit);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, SheetError> {
        let (text, _) = decode(bytes.to_vec())?;
        let mut rows = Vec::new();
        Text::new(text)?.each_row(&mut |row| {
            rows.push(row.cells().map(|cell| cell.text.to_owned()).collect());
            Flow::Continue(())
        })?;
        Ok(rows)
    }

    #[test]
    fn text_of_many_programs() {
        let expected =
            vec![vec!["编号".to_owned(), "名称".to_owned()], vec!["001".to_owned(), "支架, 大".to_owned()]];
        for text in [
            "编号,名称\r\n001,\"支架, 大\"\r\n",
            "编号\t名称\n=\"001\"\t支架, 大",
            "编号;名称\n'001;支架, 大\n\n",
        ] {
            assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{text}");
            let (gb, _, _) = GB18030.encode(text);
            assert_eq!(rows(&gb).unwrap(), expected, "GB18030: {text}");
            let marked = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
            assert_eq!(rows(&marked).unwrap(), expected, "with a mark: {text}");
            let wide: Vec<u8> =
                [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
            assert_eq!(rows(&wide).unwrap(), expected, "UTF-16: {text}");
        }
    }

    #[test]
    fn text_without_quotation_marks_is_read_alike_both_ways() {
        for text in [
            "a,b\n1,2\n",
            "a,b\r\n1,2",
            "a,b\r1,2\r\r",
            "\n\na,b\n\n,2\n,\n1,\n",
            " a ,\u{3000}b\n'01,=x,y,z\n\n",
            "一",
        ] {
            let text = Text::new(text.to_owned()).unwrap();
            let read = |quoted: bool| {
                let mut rows = Vec::new();
                let mut each = |row: &Row| {
                    rows.push((
                        row.number(),
                        row.cells().map(|cell| cell.text.to_owned()).collect::<Vec<_>>(),
                    ));
                    Flow::Continue(())
                };
                if quoted { text.each_quoted(&mut each) } else { text.each_plain(&mut each) }.unwrap();
                rows
            };
            assert_eq!(read(false), read(true), "{}", text.text);
        }
    }

    #[test]
    fn every_mark_is_found() {
        for line in [
            "",
            ",",
            "a",
            ",,,,,,,,,,",
            "1234567,",
            "12345678,9",
            "-,+,\u{ac}，¬,ÿ",
            "一,二，三,,四五六七八,",
        ] {
            let mut found = Vec::new();
            let mut each = |at| {
                found.push(at);
                Ok::<_, SheetError>(())
            };
            each_mark(line.as_bytes(), b',', &mut each).unwrap();
            let marks = line.bytes().enumerate().filter(|(_, byte)| *byte == b',').map(|(at, _)| at);
            assert_eq!(found, marks.chain([line.len()]).collect::<Vec<_>>(), "{line}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(rows(b"a,b\n\x81\xff,x\n"), Err(SheetError::Encoding { row: 2 }));
        assert_eq!(rows(b"a\0b"), Err(SheetError::NotATable));
        assert_eq!(rows(b" \n\r\n"), Err(SheetError::Empty));
        let open = format!("a,b\n\"{}", "x,1\n".repeat(400_000));
        assert_eq!(rows(open.as_bytes()), Err(SheetError::OpenQuote { row: 2 }));
        let long = format!("a,b\n{},1\n", "x".repeat(LONGEST_FIELD + 1));
        assert_eq!(rows(long.as_bytes()), Err(SheetError::TooLarge));
        for open in ["a,b\nx,\"y,1\nz,2\n", "a,b\nx,\"y,1", "a,b\n\"x,\"\"y\"\",1\n\n"] {
            assert_eq!(rows(open.as_bytes()), Err(SheetError::OpenQuote { row: 2 }), "{open}");
        }
        for closed in ["a,b\nx,\"y,1\"\n", "a,b\nx,\"y\n1\"", "a,b\n5\",6\"\n"] {
            assert!(rows(closed.as_bytes()).is_ok(), "{closed}");
        }
    }
}
