//! 台账导入: the hospital's own ledger from a file of another program.

use super::wire;

wire! {
    /// 列含义: what a column of a ledger holds.
    enum LedgerField {
        Order,
        OrderLine,
        Delivery,
        DeliveryLine,
        Receipt,
        Invoice,
        NationalCode,
        Udi,
        ItemCode,
        Name,
        Spec,
        Model,
        Manufacturer,
        Supplier,
        Lot,
        Serial,
        Expiry,
        Date,
        Quantity,
        Unit,
        Price,
        Amount,
        Kind,
    }
    /// 问题: why a value cannot be read.
    enum LedgerFault {
        /// Nothing stands there.
        Missing,
        NotANumber,
        /// A number past what any purchase is worth.
        OutOfRange,
        /// No date, or one that could be read in two ways.
        NotADate,
        /// An error of the spreadsheet, or a formula without a stored result.
        NoResult,
        /// A code or number that a spreadsheet spoilt: it is never matched on.
        Damaged,
    }
    /// What a row is that is no line.
    enum LedgerSkip {
        Total,
        Heading,
        Note,
    }
    /// 换算与别名的对象: what an alias names.
    enum AliasOf {
        Supplier,
        Product,
    }
}

wire! {
    /// What a heading means; without a field its column is left out.
    struct LedgerHeading {
        heading: String,
        field: Option<LedgerField>,
    }
    /// 换算系数: one `unit` is `per` of `of`; an empty code stands for every product.
    struct UnitFactor {
        code: String,
        unit: String,
        of: String,
        per: u32,
    }
    /// 别名: two texts that mean the same company or product, as the platform and as the ledger writes it.
    struct NameAlias {
        of: AliasOf,
        platform: String,
        ledger: String,
    }
    /// Look into a file before anything is kept. Without a path the system's dialog asks for one.
    struct LedgerDetectReq {
        path: Option<String>,
        /// A remembered profile; without one, that which fits the headings best.
        profile: Option<String>,
        sheet: Option<String>,
        /// What the person says the headings mean; goes before the profile and what the headings say.
        headings: Vec<LedgerHeading>,
    }
    /// What is in the file, as it would be imported.
    struct LedgerDetected {
        path: String,
        file_name: String,
        /// Of the file's bytes: the import refuses another content.
        sha256: String,
        /// Such as `xlsx` or `GB18030`.
        format: String,
        sheet: String,
        other_sheets: Vec<String>,
        /// As a spreadsheet numbers rows.
        heading_row: u32,
        /// The remembered profile that was used.
        profile: Option<String>,
        columns: Vec<LedgerColumn>,
        /// Lines of the ledger; totals and notes are not counted.
        rows: u32,
        accepted: u32,
        refused: u32,
        /// Of the accepted, those that an earlier import brought already.
        known: u32,
        /// Of the accepted, those without a date: they belong to the month that is named with the import.
        undated: u32,
        /// First and last date.
        from: Option<String>,
        to: Option<String>,
        /// Months with lines, `yyyy-MM`.
        periods: Vec<String>,
        amount: String,
        /// The first of them; `problem_count` says how many there are.
        problems: Vec<LedgerProblem>,
        problem_count: u32,
        skipped: Vec<LedgerSkipped>,
        /// The first lines, as they are understood.
        preview: Vec<LedgerLine>,
        /// The same bytes were imported as this batch.
        imported_as: Option<u32>,
    }
    struct LedgerColumn {
        heading: String,
        field: Option<LedgerField>,
        /// The first values below the heading.
        samples: Vec<String>,
    }
    /// A value that could not be read, and what came of its line.
    struct LedgerProblem {
        /// Data row, from 1.
        row: u32,
        /// Row as a spreadsheet shows it.
        sheet_row: u32,
        column: String,
        value: String,
        fault: LedgerFault,
        /// 原因, for people.
        reason: String,
        /// The line was left out.
        refused: bool,
    }
    struct LedgerSkipped {
        row: u32,
        sheet_row: u32,
        what: LedgerSkip,
    }
    /// A line of the ledger as it was understood.
    struct LedgerLine {
        row: u32,
        date: Option<String>,
        order: String,
        order_line: String,
        code: String,
        name: String,
        spec: String,
        lot: String,
        quantity: String,
        unit: String,
        price: Option<String>,
        amount: Option<String>,
        supplier: String,
        is_return: bool,
    }
    /// Take the file in. A line that was imported before is not taken twice.
    struct LedgerImportReq {
        path: String,
        sha256: String,
        profile: Option<String>,
        sheet: Option<String>,
        headings: Vec<LedgerHeading>,
        /// The month of lines without a date, `yyyy-MM`.
        period: Option<String>,
        /// Remember what the headings mean under this name.
        save_as: Option<String>,
    }
    struct LedgerImported {
        /// None where no line could be taken, or this very file was taken in before.
        batch: Option<u32>,
        rows: u32,
        accepted: u32,
        added: u32,
        known: u32,
        refused: u32,
        problems: Vec<LedgerProblem>,
        periods: Vec<String>,
    }
    /// How far a running import is; asked for while it runs.
    struct LedgerProgress {
        running: bool,
        /// Lines so far.
        done: u32,
        /// 0 while it is not known.
        total: u32,
    }
    /// One import.
    struct LedgerBatch {
        batch: u32,
        file_name: String,
        profile: String,
        rows: u32,
        accepted: u32,
        added: u32,
        refused: u32,
        from: Option<String>,
        to: Option<String>,
        imported_at: String,
        imported_by: String,
        /// Undone as a whole.
        undone_at: Option<String>,
        /// Why it cannot be undone: the signed month that uses its lines.
        signed_period: Option<String>,
    }
    struct LedgerBatches {
        batches: Vec<LedgerBatch>,
    }
    struct LedgerBatchReq {
        batch: u32,
    }
    struct LedgerBatchDetail {
        batch: LedgerBatch,
        problems: Vec<LedgerProblem>,
    }
    /// 导入方案.
    struct ImportProfile {
        name: String,
        sheet: String,
        headings: Vec<LedgerHeading>,
        edited_at: String,
        edited_by: String,
    }
    struct ImportProfiles {
        profiles: Vec<ImportProfile>,
    }
    struct ImportProfileSaveReq {
        name: String,
        sheet: String,
        headings: Vec<LedgerHeading>,
    }
    struct ImportProfileReq {
        name: String,
    }
    /// Write a profile to a file for a colleague, with the aliases and factors; or read one. Without a path the
    /// system's dialog asks.
    struct ImportProfileFileReq {
        name: Option<String>,
        path: Option<String>,
    }
}
