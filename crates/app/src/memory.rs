//! What the process keeps in memory stays there: the key and what is on screen are in it.

/// Keeps a crash from writing the memory to the disk; called first by every program. The limit is 1 byte, because a
/// handler that the system pipes dumps to runs in spite of 0.
pub fn keep_out_of_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = Rlimit { current: Some(1), maximum: Some(1) };
        if let Err(error) = setrlimit(Resource::Core, limit) {
            tracing::warn!(%error, "a crash may write the memory to the disk");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn no_core_is_dumped() {
        super::keep_out_of_core_dumps();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let values: Vec<_> = line.split_whitespace().skip(4).take(2).collect();
        assert_eq!(values, ["1", "1"], "{line}");
    }
}
