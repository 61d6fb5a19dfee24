//! A defect of the program tells its place and nothing else: its message may hold a value that was worked on.

use std::fmt::Write as _;
use std::panic::PanicHookInfo;

/// From here on a panic writes one line to stderr.
pub(crate) fn tell_only_the_place() {
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write as _;
        if sunbench_exchange::statement::is_disk_fault(panic) {
            return;
        }
        let _ = writeln!(std::io::stderr(), "sunbench: {}", line(panic));
    }));
}

fn line(panic: &PanicHookInfo<'_>) -> String {
    let mut line = "程序内部错误".to_owned();
    if let Some(place) = panic.location() {
        let _ = write!(line, "（{place}）");
    }
    line
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::line;

    #[test]
    fn a_panic_tells_no_value() {
        let told = Arc::new(Mutex::new(String::new()));
        let to = Arc::clone(&told);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| *to.lock().unwrap() += &line(panic)));
        let canary = "督办正文 canary";
        let ended = std::thread::spawn(move || panic!("{canary}")).join();
        std::panic::set_hook(usual);
        assert!(ended.is_err());
        let told = told.lock().unwrap();
        assert!(told.contains("panic.rs") && !told.contains("canary") && !told.contains("正文"), "{told}");
    }
}
