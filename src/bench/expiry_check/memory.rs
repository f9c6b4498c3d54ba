//! How much memory this process has had, as Linux counts it.

/// Megabytes at most since it began; none where it cannot be told.
pub(super) fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim_end_matches("kB").trim().parse::<f64>().ok());
    peak.map(|kilobytes| kilobytes / 1024.0)
}
