//! Printed documents, read back with poppler: what a person sees on paper.
//!
//! With `SUNBENCH_PICTURES` naming a folder the documents are kept there.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::NaiveDate;
use sunbench_domain::matching::{self, Decisions, DifferenceKind, LedgerLine, Owner};
use sunbench_exchange::ledger::{self, LedgerFile, Profile, Strictness};
use sunbench_exchange::print::{
    self, AcceptanceSlip, Fonts, NoticeReply, SlipLine, SupplyLetter, SupplyProblem,
};
use sunbench_exchange::sheet::Flow;
use sunbench_exchange::statement::{
    Adjustment, AdjustmentKind, Handling, Mark, Side, Signature, Statement, StatementLine,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What a poppler program says about a document on its standard input.
fn poppler(program: &str, args: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("poppler is there: scripts/packages.sh test installs poppler-utils");
    let mut input = child.stdin.take().unwrap();
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || input.write_all(pdf).unwrap());
        child.wait_with_output().unwrap()
    });
    let complaint = String::from_utf8_lossy(&answer.stderr).into_owned();
    assert!(answer.status.success() && complaint.is_empty(), "{program}: {complaint}");
    String::from_utf8(answer.stdout).unwrap()
}

/// The text of each page; in the order in which it was set.
fn pages(name: &str, pdf: &[u8]) -> Vec<String> {
    if let Some(folder) = std::env::var_os("SUNBENCH_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), pdf).unwrap();
    }
    let text = poppler("pdftotext", &["-raw", "-enc", "UTF-8", "-", "-"], pdf);
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    pages.pop();
    pages
}

/// Without blanks and line ends, which are where the paper wants them.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[track_caller]
fn assert_says(pages: &[String], wanted: &[&str]) {
    let all = squeezed(&pages.concat());
    for text in wanted {
        assert!(all.contains(&squeezed(text)), "{text} is not in:\n{}", pages.concat());
    }
}

const HEADINGS: &str =
    "订单编号,订单明细编号,医保编码,产品名称,规格型号,批号,日期,数量,单位,单价,金额,配送企业\n";

fn side(name: &str, lines: &str) -> (LedgerFile, Side) {
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(HEADINGS.as_bytes()).unwrap();
    file.write_all(lines.as_bytes()).unwrap();
    let mut side = Side { name: name.to_owned(), ..Side::default() };
    let read = ledger::read(file.path(), &Profile::default(), Strictness::Usable, &mut |line| {
        side.lines.insert(line.row, line.into());
        Flow::Continue(())
    });
    (read.unwrap(), side)
}

fn between(left: &str, right: &str) -> Statement {
    let (left, left_side) = side("平台", left);
    let (right, right_side) = side("医院台账", right);
    let found = matching::reconcile(&left.ledger, &right.ledger, &Decisions::default());
    Statement {
        title: "医用耗材采购对账单".to_owned(),
        institution: "江州市第一人民医院".to_owned(),
        period: "2026年3月".to_owned(),
        counterpart: "全部配送企业".to_owned(),
        made_on: Some(day("2026-04-03")),
        left: left_side,
        right: right_side,
        found,
        ..Statement::default()
    }
}

/// A month with a difference of several kinds.
fn month() -> Statement {
    let left = "\
PO2026030001,PO2026030001-1,C0201010010100201001,一次性使用无菌导管鞘套件,6F 11cm,L240301,2026-03-02,10,套,128.50,1285.00,江州医药集团有限公司
PO2026030001,PO2026030001-2,C0302020020200302002,可吸收性外科缝线（聚乙醇酸）,2-0 75cm 圆针,S2402,2026-03-02,120,包,23.8,2856.00,江州医药集团有限公司
PO2026030002,PO2026030002-1,C0403030030300403003,冠状动脉药物洗脱支架系统,3.0×18mm,ST0091,2026-03-05,6,个,798,4788.00,华东远程医疗器械股份有限公司
PO2026030003,PO2026030003-1,C0504040040400504004,一次性使用静脉留置针,24G 直型,VN77,2026-03-09,2000,支,2.35,4700.00,江州医药集团有限公司
PO2026030004,PO2026030004-1,C0605050050500605005,医用外科口罩,平面型挂耳式 17.5cm×9.5cm,MK260201,2026-03-11,5000,只,0.21,1050.00,康宁卫材有限公司
";
    let right = "\
PO2026030001,PO2026030001-1,C0201010010100201001,一次性使用无菌导管鞘套件,6F 11cm,L240301,2026-03-03,9,套,128.50,1156.50,江州医药集团有限公司
PO2026030001,PO2026030001-2,C0302020020200302002,可吸收性外科缝线（聚乙醇酸）,2-0 75cm 圆针,S2402,2026-03-03,120,包,24.8,2976.00,江州医药集团有限公司
PO2026030002,PO2026030002-1,C0403030030300403003,冠状动脉药物洗脱支架系统,3.0×18mm,ST0091,2026-03-06,6,个,798,4788.00,华东远程医疗器械股份有限公司
PO2026030003,PO2026030003-1,C0504040040400504004,一次性使用静脉留置针,24G 直型,VN77,2026-03-10,2000,支,2.35,4700.00,江州医药集团有限公司
,,C0706060060600706006,骨科锁定接骨板（左）,8孔,BK-11,2026-03-20,1,块,2300,2300.00,博骨器械有限公司
";
    between(left, right)
}

fn signed(mut statement: Statement) -> Statement {
    statement.signature = Some(Signature {
        digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        at: day("2026-04-03").and_hms_opt(10, 22, 0).unwrap(),
        by: "周敏".to_owned(),
        note: "差异已逐项核实，同意关账。".to_owned(),
    });
    statement
}

#[test]
fn a_statement_says_what_was_found_and_decided() {
    let mut statement = signed(month());
    let place = |kind| statement.found.differences.iter().position(|one| one.kind == kind);
    let short = place(DifferenceKind::QuantityShort).expect("a line is short");
    let filed = place(DifferenceKind::NotOnPlatform).expect("a purchase is off the platform");
    statement.marks = vec![Mark::default(); statement.found.differences.len()];
    statement.marks[short] = Mark {
        handling: Handling::Waiting,
        owner: Some(Owner::Store),
        note: "库房 3 月 28 日已催补，配送企业答应 4 月 5 日前补齐 1 套".to_owned(),
    };
    statement.marks[filed].handling = Handling::Filed;
    statement.adjustments.push(Adjustment {
        kind: AdjustmentKind::Added,
        side: "医院台账".to_owned(),
        line: StatementLine::from(&LedgerLine {
            order: "PO2026030009",
            name: "迟到的明细",
            amount: Some("77.70".parse().unwrap()),
            ..LedgerLine::default()
        }),
        amount: "77.70".parse().unwrap(),
    });
    let pages = pages("statement", &print::statement(&statement, Fonts::embedded()).unwrap());
    assert_says(
        &pages,
        &[
            "江州市第一人民医院",
            "医用耗材采购对账单",
            "对账期间：2026年3月",
            "对方单位：全部配送企业",
            "制表日期：2026年4月3日",
            "14,679.00",
            "15,920.50",
            "差额（医院台账－平台） 1,241.50",
            "数量短少　1 项，-128.50 元",
            "向配送企业催补短少数量，或要求冲减",
            "库房 3 月 28 日已催补，配送企业答应 4 月 5 日前补齐 1 套",
            "已转办",
            "已备案",
            "备案补录",
            "10 套 × 128.50",
            "9 套 × 128.50",
            "签核后调整",
            "77.70",
            "签核人：周敏　　签核时间：2026-04-03 10:22　　签核意见：差异已逐项核实，同意关账。",
            "经办人（签字）：",
            "复核人（签字）：",
            "科室负责人（签字）：",
            "日期、盖章：",
        ],
    );
    let total = pages.len();
    for (index, page) in pages.iter().enumerate() {
        let page = squeezed(page);
        assert!(page.contains(&format!("第{}页共{total}页", index + 1)), "{page}");
        assert!(page.contains("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), "{page}");
        assert!(!page.contains("草稿"), "{page}");
    }
}

#[test]
fn without_a_signature_it_is_a_draft_on_every_page() {
    let pages = pages("draft", &print::statement(&month(), Fonts::embedded()).unwrap());
    assert_says(&pages, &["草稿，未签核，不作为结算依据"]);
    assert!(pages.iter().all(|page| page.contains("草稿，未签核")), "{pages:?}");
}

/// Text is data: nothing in it is markup, and nothing in it is invisible.
#[test]
fn text_is_printed_as_it_stands() {
    let cases = [
        ("#set page(width: 1pt)", "#set page(width: 1pt)"),
        ("*粗* _斜_ $x$ `码` \\ [a](b) <c> &amp; %", "*粗* _斜_ $x$ `码` \\ [a](b) <c> &amp; %"),
        ("=SUM(A1) + @甲 -乙", "=SUM(A1) + @甲 -乙"),
        ("(\u{202E}gnp.exe)", "(〔U+202E〕gnp.exe)"),
        ("12\u{200B}34\u{FEFF}", "12〔U+200B〕34〔U+FEFF〕"),
        ("שלום", "〔U+05E9〕〔U+05DC〕〔U+05D5〕〔U+05DD〕"),
        ("换\t行\r\n二\u{2028}三\u{0}", "换行二三〔U+0000〕"),
        ("罕𠮷字，表内𬬭㛃", "罕〔U+20BB7〕字，表内𬬭㛃"),
        ("\u{E123}私用", "〔U+E123〕私用"),
        ("（全角）ＡＢＣ１２３、①②Ⅲ㎡℃‰±×÷≤≥μ", "（全角）ＡＢＣ１２３、①②Ⅲ㎡℃‰±×÷≤≥μ"),
        ("葛\u{E0100}城", "葛城"),
    ];
    for (text, expected) in cases {
        let mut statement = month();
        statement.counterpart = text.to_owned();
        for line in statement.right.lines.values_mut() {
            text.clone_into(&mut line.name);
        }
        let pages = pages("text", &print::statement(&statement, Fonts::embedded()).unwrap());
        let all = squeezed(&pages.concat());
        let times = all.matches(&squeezed(expected)).count();
        assert!(times >= 2, "{text:?} is {times} times in {all}");
    }
}

/// A character that the program's font has not is set in one of the system's, or named.
#[test]
fn a_rare_character_is_drawn_or_named() {
    let statement = Statement { title: "𠮷".to_owned(), ..Statement::default() };
    let pages = pages("rare", &print::statement(&statement, Fonts::with_system()).unwrap());
    let all = pages.concat();
    assert!(all.contains('𠮷') || all.contains("〔U+20BB7〕"), "{all}");
}

#[test]
fn the_same_statement_is_the_same_bytes() {
    let print = |statement: &Statement| print::statement(statement, Fonts::embedded()).unwrap();
    let one = signed(month());
    assert_eq!(print(&one), print(&one.clone()));
    let kept: Statement = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
    assert_eq!(kept, one, "it is kept as JSON");
    assert_eq!(print(&one), print(&kept));
    assert_ne!(print(&one), print(&month()));
}

/// Long tables go on, with their headings; every line is there once.
#[test]
fn long_tables_break_with_their_headings() {
    let lines = |count: usize| {
        (0..count)
            .map(|index| {
                format!(
                    "PO{index:05},PO{index:05}-1,C0201010010100201001,导管鞘套件,6F,L{index},2026-03-02,1,套,128.50,128.50,江州\n"
                )
            })
            .collect::<Vec<_>>()
            .concat()
    };
    let mut statement = between(&lines(150), "");
    // Higher than a page.
    let story = (1..=200).map(|n| format!("第{n}条说明。")).collect::<Vec<_>>().join("\n");
    statement.marks = vec![Mark { note: story, ..Mark::default() }];
    let pages = pages("long", &print::statement(&statement, Fonts::embedded()).unwrap());
    assert!(pages.len() > 5, "{}", pages.len());
    let all = squeezed(&pages.concat());
    for index in 0..150 {
        let number = format!("PO{index:05}-1");
        assert_eq!(all.matches(&number).count(), 1, "{number}");
    }
    for n in 1..=200 {
        assert_eq!(all.matches(&format!("第{n}条说明。")).count(), 1, "{n} of the note");
    }
    let detail: Vec<&String> = pages.iter().filter(|page| page.contains("PO001")).collect();
    assert!(detail.len() > 2);
    for page in detail {
        assert!(squeezed(page).contains("差异金额"), "no headings on {page}");
    }
}

#[test]
fn nothing_found_is_a_statement_too() {
    let pages = pages("empty", &print::statement(&Statement::default(), Fonts::embedded()).unwrap());
    assert_says(&pages, &["无差异。", "第 1 页 共 1 页"]);
}

#[test]
fn an_acceptance_slip() {
    let line = |name: &str, accepted: &str, refused: &str, price: &str, amount: &str| SlipLine {
        code: "C0403030030300403003".to_owned(),
        name: name.to_owned(),
        spec: "3.0×18mm".to_owned(),
        manufacturer: "上海某某医疗器械股份有限公司".to_owned(),
        registration: "国械注准20203130123".to_owned(),
        lot: "ST0091".to_owned(),
        expiry: Some(day("2027-12-31")),
        unit: "个".to_owned(),
        delivered: Some("6".parse().unwrap()),
        accepted: accepted.parse().unwrap(),
        refused: refused.parse().unwrap(),
        price: Some(price.parse().unwrap()),
        amount: Some(amount.parse().unwrap()),
        note: if refused == "0" { String::new() } else { "外包装破损".to_owned() },
    };
    let slip = AcceptanceSlip {
        institution: "江州市第一人民医院".to_owned(),
        campus: "东院区".to_owned(),
        number: "YS2026030017".to_owned(),
        order: "PO2026030002".to_owned(),
        delivery: "PS2026030045".to_owned(),
        supplier: "华东远程医疗器械股份有限公司".to_owned(),
        department: "医用耗材库房".to_owned(),
        accepted_on: Some(day("2026-03-06")),
        lines: vec![
            line("冠状动脉药物洗脱支架系统", "6", "0", "798", "4788.00"),
            line("一次性使用造影导管", "5", "1", "243.905", "1219.53"),
        ],
        conclusion: "数量、批号、效期与随货同行单一致；拒收 1 件已由送货人带回。".to_owned(),
        attachments: vec!["外包装破损.jpg".to_owned(), "随货同行单.pdf".to_owned()],
    };
    let pages = pages("acceptance-slip", &print::acceptance_slip(&slip, Fonts::embedded()).unwrap());
    assert_eq!(pages.len(), 1);
    assert_says(
        &pages,
        &[
            "医用耗材验收单",
            "验收单号：YS2026030017　　订单编号：PO2026030002　　配送单号：PS2026030045",
            "院区：东院区",
            "验收日期：2026年3月6日",
            "国械注准20203130123",
            "2027-12-31",
            "243.905",
            "合计　¥6,007.53　　人民币（大写）陆仟零柒元伍角叁分",
            "外包装破损",
            "附件　外包装破损.jpg、随货同行单.pdf",
            "验收人：",
            "送货人：",
        ],
    );
}

#[test]
fn a_letter_to_a_supplier() {
    let problem = |name: &str, problem: &str| SupplyProblem {
        order: "PO2026030004".to_owned(),
        name: name.to_owned(),
        spec: "平面型挂耳式".to_owned(),
        ordered: Some("5000".parse().unwrap()),
        delivered: Some("1200".parse().unwrap()),
        unit: "只".to_owned(),
        ordered_on: Some(day("2026-03-11")),
        problem: problem.to_owned(),
    };
    let letter = SupplyLetter {
        institution: "江州市第一人民医院".to_owned(),
        number: "采函〔2026〕17号".to_owned(),
        office: String::new(),
        supplier: "康宁卫材有限公司".to_owned(),
        problems: vec![
            problem("医用外科口罩", "逾期 6 个工作日未配齐"),
            problem("一次性使用静脉留置针", "批号 VN77 外包装潮湿，已拒收"),
        ],
        request: "请贵公司说明原因，按订单补齐短少数量。\n此后如不能按期配送，请提前两个工作日书面告知我院。"
            .to_owned(),
        answer_by: Some(day("2026-04-10")),
        contact: "周敏".to_owned(),
        telephone: "0571-8888 1234".to_owned(),
        dated: Some(day("2026-04-03")),
    };
    let pages = pages("supply-letter", &print::supply_letter(&letter, Fonts::embedded()).unwrap());
    assert_eq!(pages.len(), 1);
    assert_says(
        &pages,
        &[
            "供应问题反馈函",
            "采函〔2026〕17号",
            "康宁卫材有限公司：",
            "下列 2 项产品",
            "5,000",
            "逾期 6 个工作日未配齐",
            "请贵公司于2026年4月10日前书面答复",
            "特此函告。",
            "联系人：周敏　　联系电话：0571-8888 1234",
            "江州市第一人民医院（盖章） 2026年4月3日",
            "回　执",
        ],
    );
}

#[test]
fn an_answer_to_a_notice() {
    let reply = NoticeReply {
        institution: "江州市第一人民医院".to_owned(),
        authority: "江州市医疗保障局".to_owned(),
        notice: "DB2026-0312".to_owned(),
        title: "关于药物洗脱支架带量采购协议执行进度的督办通知".to_owned(),
        clause: "《集中带量采购监测办法》第十二条".to_owned(),
        issued_on: Some(day("2026-03-30")),
        due_on: Some(day("2026-04-07")),
        round: 2,
        cause: "一季度协议采购量完成进度为 18.6%，低于时间进度。主要原因：\n（一）导管室 2 月停机检修 12 天，择期手术顺延；\n（二）两个科室仍习惯使用非中选产品，考核未到人。"
            .to_owned(),
        measures: "1. 自 4 月起按月分解协议量到科室，每周五通报；\n2. 非中选产品改为审批后采购；\n3. 已追加订单 PO2026040011（60 个），预计 4 月 12 日到货。"
            .to_owned(),
        finish_by: Some(day("2026-05-31")),
        responsible: "李建国（医学装备科）".to_owned(),
        attachments: vec!["协议量分解表.xlsx".to_owned(), "科室通报（4月第1周）.pdf".to_owned()],
        receipt: "0196f3a2-7c1e-7b1e-9c2a-3f1f3e1b2c3d".to_owned(),
        dated: Some(day("2026-04-03")),
    };
    let pages = pages("notice-reply", &print::notice_reply(&reply, Fonts::embedded()).unwrap());
    assert_says(
        &pages,
        &[
            "督办事项整改反馈",
            "DB2026-0312",
            "第 2 次反馈",
            "江州市医疗保障局：",
            "《关于药物洗脱支架带量采购协议执行进度的督办通知》收悉",
            "一、原因说明",
            "（二）两个科室仍习惯使用非中选产品，考核未到人。",
            "二、整改措施",
            "预计 4 月 12 日到货。",
            "附件：1. 协议量分解表.xlsx",
            "2. 科室通报（4月第1周）.pdf",
            "提交凭证 0196f3a2-7c1e-7b1e-9c2a-3f1f3e1b2c3d",
            "分管院领导：",
        ],
    );
}
