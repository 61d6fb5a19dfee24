//! Calendar files that are refused, each with its entry and its reason.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sunbench_workdays::{Calendar, CalendarError, CalendarFault};

const YEAR: &str = r#"{"schema": 1, "generated": "2026-12-03", "years": {"2027": {"holidays":
    {"2027-01-01": "元旦", "2027-05-01": "劳动节", "2027-10-01": "国庆节"}, "workdays": {}}}}"#;

#[track_caller]
fn check(from: &str, to: &str, key: &str, fault: CalendarFault) {
    assert!(YEAR.contains(from));
    let error = Calendar::from_json_named("2027.json", &YEAR.replacen(from, to, 1)).unwrap_err();
    assert_eq!(error, CalendarError::Invalid { file: "2027.json".to_owned(), key: key.to_owned(), fault });
    assert!(error.text_zh().contains("2027.json") && error.text_zh().contains(fault.text_zh()));
}

#[test]
fn a_wrong_entry_is_named() {
    use CalendarFault as F;
    assert!(Calendar::from_json(YEAR).is_ok());
    assert!(Calendar::from_json(&format!("\u{feff}{YEAR}")).is_ok());
    check("\"schema\": 1", "\"schema\": 2", "schema", F::Schema);
    check("\"2027\": {", "\"27\": {", "years.27", F::Year);
    check("\"2027\": {", "\"02027\": {", "years.02027", F::Year);
    check("2027-01-01", "2027-13-01", "years.2027.holidays.2027-13-01", F::Date);
    check("2027-01-01", "2027-1-1", "years.2027.holidays.2027-1-1", F::Date);
    check("2027-01-01", "2026-12-25", "years.2027.holidays.2026-12-25", F::OutsideYear);
    check("2027-01-01", "2028-01-01", "years.2027.holidays.2028-01-01", F::OutsideYear);
    check("2027-05-01", "2027-05-02", "years.2027.holidays.2027-05-01", F::StatutoryMissing);
    check("元旦", " ", "years.2027.holidays.2027-01-01", F::NoName);
    check(
        "\"workdays\": {}",
        r#""workdays": {"2027-05-01": "x"}"#,
        "years.2027.workdays.2027-05-01",
        F::Conflict,
    );
    check(
        "\"workdays\": {}",
        r#""workdays": {"2027-05-05": "x"}"#,
        "years.2027.workdays.2027-05-05",
        F::MakeUpOnWeekday,
    );
    let covered = |last: &str| format!(r#""covered": {{"first": "2027-01-01", "last": "{last}"}}, "years""#);
    check("\"years\"", &covered("2028-12-31"), "covered", F::Coverage);
    check("\"years\"", &covered("2027-12-32"), "covered.last", F::Date);
    let tentative = r#""tentative": {"first": "2026-12-26", "last": "2026-12-31"}, "years""#;
    check("\"years\"", tentative, "tentative", F::Coverage);
}

#[test]
fn a_file_without_years_or_with_a_missing_year_is_refused() {
    let error = Calendar::from_json(r#"{"schema": 1, "years": {}}"#).unwrap_err();
    assert_eq!(error.to_string(), "calendar: years: no year");
    let far = YEAR.replace("2027", "2029");
    let error = Calendar::built_in().merge(&Calendar::from_json(&far).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "calendar: years.2027: this year is missing");
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    for text in ["", "[]", "{\"schema\": 1,\n \"years\": 7}", "{\"schema\": 1, \"years\": {\"2027\": {"] {
        let error = Calendar::from_json_named("x.json", text).unwrap_err();
        assert_eq!(error.code(), "calendarSyntax");
        assert!(error.to_string().starts_with("x.json, line "), "{error}");
    }
}

#[test]
fn the_same_content_has_the_same_version_and_another_has_another() {
    let version = |text: &str| Calendar::from_json(text).unwrap().version().to_owned();
    assert_eq!(version(YEAR), version(&YEAR.replace(' ', "  ")));
    assert_ne!(version(YEAR), version(&YEAR.replace("2027-05-01\": \"劳动节\"", "2027-05-01\": \"五一\"")));
    assert_eq!(Calendar::built_in().version(), Calendar::built_in().clone().version());
}
