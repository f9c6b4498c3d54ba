//! How much memory the process has had, as Linux counts it.

/// What `/proc/self/status` says, in megabytes; none elsewhere.
fn status(line: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|found| found.strip_prefix(line)?.trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.map(|kilobytes| kilobytes / 1024.0)
}

/// A stretch of work whose memory is watched.
pub(super) struct Watch(Option<f64>);

impl Watch {
    /// Begins: the highest mark is set back to what there is now.
    pub(super) fn begin() -> Self {
        let reset = std::fs::write("/proc/self/clear_refs", "5");
        Self(reset.ok().and_then(|()| status("VmRSS:")))
    }

    /// The most since then, and by how much that is more than there was; none where it cannot be told.
    pub(super) fn end(self) -> Option<(f64, f64)> {
        let (before, most) = (self.0?, status("VmHWM:")?);
        Some((most, (most - before).max(0.0)))
    }
}
