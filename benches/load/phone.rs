//! A phone: it opens a connection, sends a check-in as fast as its network goes, and reads the answer. Little more than a
//! socket, so that the servers keep the machine.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use hadir::model::{
    chance::Chance,
    ids::CheckinId,
    time::{Clock as _, SystemClock},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use super::{album::Album, city::HOME, process::Process};

const BOUNDARY: &str = "----a-phone-of-the-load";
/// A slow phone sends this often.
const STEP: Duration = Duration::from_millis(100);
/// How often it tries again when it is told to come back, or hears nothing.
const TRIES: u32 = 20;

/// A check-in that can be sent again and again.
#[derive(Clone)]
pub struct CheckIn {
    head: Arc<str>,
    album: Arc<Album>,
    number: u64,
    tail: Arc<str>,
}

/// What came of sending.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub status: u16,
    /// From the first to the last byte, retries among it.
    pub took: Duration,
    /// Whether somebody has to look at it.
    pub flagged: bool,
    /// How often it was told to come back.
    pub put_off: u32,
}

impl CheckIn {
    /// The next person's.
    pub fn next(server: &mut Process, album: &Arc<Album>) -> Self {
        let [token, challenge] = server.next_phone();
        let at = SystemClock.now();
        let id = CheckinId::new(at, chance()).0;
        let number = u64::from_be_bytes(id.as_bytes()[8..].try_into().expect("eight bytes"));
        let bytes = album.photo(number).len();
        // A degree has 111 km: everybody stands somewhere else in the garden.
        let nth = (number % 1000) as f64;
        let draft = serde_json::json!({
            "id": id, "challenge": challenge, "sent_at": at, "accuracy_basis": "web", "photo_source": "camera",
            "fixes": [{"latitude": HOME.0 + nth * 1.3e-7, "longitude": HOME.1 + nth * 1.1e-7, "accuracy_m": 18.0, "fix_time": at}],
        });
        let part = |name: &str, more: &str, kind: &str| {
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\nContent-Type: {kind}\r\n\r\n"
            )
        };
        let before = format!(
            "{}{draft}\r\n{}",
            part("checkin", "", "application/json"),
            part("photo", "; filename=\"photo.jpg\"", "image/jpeg")
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let length = before.len() + bytes + tail.len();
        let head = format!(
            "POST /api/v1/presence/morning HTTP/1.1\r\nHost: hadir\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{before}"
        );
        Self { head: head.into(), album: Arc::clone(album), number, tail: tail.into() }
    }

    /// Sends it until it is taken or refused; `pace` is how many bytes a second its network carries, 0 for any number.
    pub async fn send(&self, to: SocketAddr, pace: usize) -> Sent {
        let began = Instant::now();
        let mut put_off = 0;
        loop {
            let (status, flagged) = self.once(to, pace).await.unwrap_or_default();
            let again = status == 503 || status == 0;
            if !again || put_off >= TRIES {
                return Sent { status, took: began.elapsed(), flagged, put_off };
            }
            put_off += 1;
            sleep(Duration::from_millis(500 * u64::from(put_off.min(6)))).await;
        }
    }

    pub async fn once(&self, to: SocketAddr, pace: usize) -> std::io::Result<(u16, bool)> {
        let mut socket = TcpStream::connect(to).await?;
        socket.set_nodelay(true)?;
        if let Err(error) = self.write(&mut socket, pace).await {
            // A server that refuses may answer before it has read everything.
            return answer(&mut socket).await.or(Err(error));
        }
        answer(&mut socket).await
    }

    async fn write(&self, socket: &mut TcpStream, pace: usize) -> std::io::Result<()> {
        socket.write_all(self.head.as_bytes()).await?;
        let photo = self.album.photo(self.number);
        if pace == 0 {
            socket.write_all(&photo).await?;
        } else {
            for some in photo.chunks((pace / 10).max(1)) {
                socket.write_all(some).await?;
                sleep(STEP).await;
            }
        }
        socket.write_all(self.tail.as_bytes()).await
    }
}

/// The status of an answer, once all of it is there, and whether it says that somebody has to look.
async fn answer(socket: &mut TcpStream) -> std::io::Result<(u16, bool)> {
    let mut text = Vec::with_capacity(4096);
    socket.read_to_end(&mut text).await?;
    let status = text.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    let status = status.and_then(|digits| digits.parse().ok()).ok_or_else(|| std::io::Error::other("no answer"))?;
    Ok((status, memchr::memmem::find(&text, b"\"verdict\":\"flagged\"").is_some()))
}

fn chance() -> &'static Chance {
    static CHANCE: std::sync::OnceLock<Chance> = std::sync::OnceLock::new();
    CHANCE.get_or_init(|| Chance::from_seed([9; 32]))
}
