//! The wire between one browser and the server, which can be cut and made slow. The browser's own emulation does not reach the
//! page's service worker, and would let a page work without a network; a wire that is cut does not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::Instant,
};

/// How the wire is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Quality {
    #[default]
    Good,
    /// Every answer begins so much later, and so many bytes come in a second.
    Slow {
        latency: Duration,
        bytes_a_second: u32,
    },
    Cut,
}

/// A wire; gone when dropped.
pub(crate) struct Wire {
    /// What the browser calls the server.
    pub(crate) base: String,
    quality: watch::Sender<Quality>,
    /// How many bytes the server sent, heads and all.
    came: Arc<AtomicU64>,
    carrier: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}

impl Wire {
    /// To a server.
    pub(crate) async fn new(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (quality, watched) = watch::channel(Quality::Good);
        let server = server.trim_start_matches("http://").to_owned();
        let came = Arc::new(AtomicU64::new(0));
        let carrier = tokio::spawn(carry(listener, server, watched, Arc::clone(&came)));
        Self { base, quality, came, carrier }
    }

    /// How many bytes came from the server since this was last asked.
    pub(crate) fn came(&self) -> u64 {
        self.came.swap(0, Relaxed)
    }

    pub(crate) fn be(&self, quality: Quality) {
        self.quality.send_replace(quality);
    }
}

async fn carry(listener: TcpListener, server: String, quality: watch::Receiver<Quality>, came: Arc<AtomicU64>) {
    while let Ok((near, _)) = listener.accept().await {
        // Whoever calls over a wire that is cut is hung up on.
        if *quality.borrow() == Quality::Cut {
            continue;
        }
        let address = server.clone();
        let mut cut = quality.clone();
        let (quality, came) = (quality.clone(), Arc::clone(&came));
        tokio::spawn(async move {
            let Ok(far) = TcpStream::connect(address).await else { return };
            let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
            let there = pass(from_near, to_far, None, None);
            let back = pass(from_far, to_near, Some(quality), Some(came));
            tokio::select! {
                ((), ()) = async { tokio::join!(there, back) } => {}
                _ = cut.wait_for(|quality| *quality == Quality::Cut) => {}
            }
        });
    }
}

/// Carries what comes to where it goes, as slowly as the wire is.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    quality: Option<watch::Receiver<Quality>>,
    counter: Option<Arc<AtomicU64>>,
) {
    let mut bytes = vec![0; 16 * 1024];
    let mut last: Option<Instant> = None;
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if let Some(counter) = &counter {
            counter.fetch_add(u64::try_from(count).unwrap(), Relaxed);
        }
        let now = quality.as_ref().map(|quality| *quality.borrow());
        if let Some(Quality::Slow { latency, bytes_a_second }) = now {
            // What comes after a pause is another answer.
            let begins = last.is_none_or(|last| last.elapsed() > Duration::from_millis(20));
            let carried = Duration::from_secs_f64(f64::from(u32::try_from(count).unwrap()) / f64::from(bytes_a_second));
            tokio::time::sleep(carried + if begins { latency } else { Duration::ZERO }).await;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
        last = Some(Instant::now());
    }
    let _ = to.shutdown().await;
}
