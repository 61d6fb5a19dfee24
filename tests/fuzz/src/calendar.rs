//! Calendar files: a later notice, from the platform or from a file.

use chrono::NaiveDate;
use sunbench_workdays::{Calendar, CalendarError};

/// A file is refused with the entry that is wrong, or is a calendar that answers for each of its days.
pub(crate) fn file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match Calendar::from_json_named("日历.json", text) {
        Err(error) => {
            assert!(error.to_string().contains("日历.json") && error.text_zh().contains("日历.json"));
            if let CalendarError::Invalid { key, .. } = &error {
                assert!(!key.is_empty() && error.to_string().contains(key.as_str()));
            }
        }
        Ok(calendar) => {
            let same = Calendar::from_json_named("again", text).expect("the same text is read again");
            assert_eq!(same.version(), calendar.version());
            assert_eq!(same, calendar);
            let (first, last) = (calendar.first_day(), calendar.last_published_day());
            assert!(first <= last);
            let days = calendar.days(first, last).expect("every day that is covered");
            let working = days.iter().skip(1).filter(|listed| listed.day.working).count();
            assert_eq!(calendar.working_days_between(first, last).ok(), u32::try_from(working).ok());
            assert!(
                days.iter().all(|listed| listed.day.name.as_ref().is_none_or(|name| !name.trim().is_empty()))
            );
            let after = NaiveDate::from_ymd_opt(2089, 1, 1).expect("a date");
            assert!(calendar.day(after).is_err());
            if let Ok(merged) = calendar.merge(&same) {
                assert_eq!(merged.version(), calendar.version(), "merging with itself changes nothing");
            }
            let _ = Calendar::built_in().merge(&calendar);
        }
    }
}
