//! A mail server: the real protocol over real sockets, saying what a test tells it to.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hadir::config::{Config, SmtpTls};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

use super::tls;

/// When the server does not say 250 as usual.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Instead of 220, one a connection.
    pub greetings: VecDeque<&'static str>,
    /// Instead of taking a recipient, one each.
    pub recipients: VecDeque<&'static str>,
    /// Instead of taking a mail, one each.
    pub mails: VecDeque<&'static str>,
    /// Hangs up after these commands, one a connection.
    pub hang_ups: VecDeque<&'static str>,
    /// Offers STARTTLS.
    pub starttls: bool,
    /// Speaks TLS from the first byte.
    pub tls: bool,
    /// Wants this name and password.
    pub account: Option<(&'static str, &'static str)>,
}

/// A mail that was taken.
#[derive(Clone, Debug)]
pub struct Mail {
    /// As the envelope says.
    pub from: String,
    /// As the envelope says.
    pub to: String,
    /// Headers, each on one line.
    pub head: String,
    /// The text, decoded.
    pub text: String,
    /// Whether it came encrypted.
    pub encrypted: bool,
}

#[derive(Default)]
struct Shared {
    script: Mutex<Script>,
    mails: Mutex<Vec<Mail>>,
    commands: Mutex<Vec<String>>,
}

/// A running mail server.
pub struct Server {
    pub port: u16,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Server {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared { script: Mutex::new(script), ..Shared::default() });
        let theirs = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&theirs)));
            }
        });
        Self { port, shared, accepting }
    }

    /// The mails that were taken.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.mails.lock().expect("a lock").clone()
    }

    /// Every line that was said to it outside of mails.
    pub fn commands(&self) -> Vec<String> {
        self.shared.commands.lock().expect("a lock").clone()
    }

    /// Waits until so many mails were taken.
    pub async fn wait_for(&self, count: usize) {
        for _ in 0..400 {
            if self.mails().len() >= count {
                return;
            }
            sleep(Duration::from_millis(25)).await;
        }
        assert!(self.mails().len() >= count, "{} of {count} came", self.mails().len());
    }

    /// Lets the settings name this server, in the clear, driven by the test.
    pub fn configure(&self, config: &mut Config) {
        config.smtp_host = "127.0.0.1".to_owned();
        config.smtp_port = self.port;
        config.smtp_tls = SmtpTls::None;
        config.smtp_timeout_ms = 2_000;
        config.mail_from = "Hadir <hadir@kota.example>".to_owned();
        config.public_url = "https://hadir.kota.example/".to_owned();
        config.notify_interval_ms = 3_600_000;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(socket: TcpStream, shared: Arc<Shared>) {
    let encrypted = shared.script.lock().expect("a lock").tls;
    if encrypted {
        if let Ok(stream) = tls::acceptor().accept(socket).await {
            let _ = Talk::new(stream, shared, true).run(true).await;
        }
        return;
    }
    if let Ok(Some(socket)) = Talk::new(socket, Arc::clone(&shared), false).run(true).await
        && let Ok(stream) = tls::acceptor().accept(socket).await
    {
        let _ = Talk::new(stream, shared, true).run(false).await;
    }
}

/// One conversation.
struct Talk<S> {
    stream: BufReader<S>,
    shared: Arc<Shared>,
    encrypted: bool,
    signed_in: bool,
    from: String,
    to: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn new(stream: S, shared: Arc<Shared>, encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self { stream, shared, encrypted, signed_in: false, from: String::new(), to: String::new() }
    }

    fn script<T>(&self, look: impl FnOnce(&mut Script) -> T) -> T {
        look(&mut self.shared.script.lock().expect("a lock"))
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn hear(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Until somebody hangs up; gives the socket back for STARTTLS.
    async fn run(mut self, greets: bool) -> std::io::Result<Option<S>> {
        let hang_up = self.script(|script| script.hang_ups.pop_front());
        if greets {
            let greeting = self.script(|script| script.greetings.pop_front());
            self.say(greeting.unwrap_or("220 mail.kota.example ESMTP")).await?;
            if greeting.is_some() {
                return Ok(None);
            }
        }
        while let Some(line) = self.hear().await? {
            self.shared.commands.lock().expect("a lock").push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if hang_up == Some(verb.as_str()) {
                return Ok(None);
            }
            match verb.as_str() {
                "EHLO" => self.hello().await?,
                "STARTTLS" => {
                    self.say("220 go ahead").await?;
                    return Ok(Some(self.stream.into_inner()));
                }
                "AUTH" => self.sign_in(&line).await?,
                "MAIL" if self.script(|script| script.account.is_some()) && !self.signed_in => {
                    self.say("530 5.7.0 sign in first").await?;
                }
                "MAIL" => {
                    self.from = between(&line);
                    self.say("250 2.1.0 ok").await?;
                }
                "RCPT" => {
                    self.to = between(&line);
                    let reply = self.script(|script| script.recipients.pop_front());
                    self.say(reply.unwrap_or("250 2.1.5 ok")).await?;
                }
                "DATA" => self.take().await?,
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(None);
                }
                _ => self.say("502 5.5.2 what?").await?,
            }
        }
        Ok(None)
    }

    async fn hello(&mut self) -> std::io::Result<()> {
        let (starttls, account) = self.script(|script| (script.starttls, script.account.is_some()));
        self.say("250-mail.kota.example").await?;
        if starttls && !self.encrypted {
            self.say("250-STARTTLS").await?;
        }
        if account {
            self.say("250-AUTH PLAIN LOGIN").await?;
        }
        self.say("250 8BITMIME").await
    }

    async fn sign_in(&mut self, line: &str) -> std::io::Result<()> {
        let (user, password) = self.script(|script| script.account).unwrap_or_default();
        let said = line.strip_prefix("AUTH PLAIN ").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        self.signed_in = said == format!("\0{user}\0{password}").as_bytes();
        self.say(if self.signed_in { "235 2.7.0 ok" } else { "535 5.7.8 wrong" }).await
    }

    async fn take(&mut self) -> std::io::Result<()> {
        self.say("354 go on").await?;
        let mut data = String::new();
        loop {
            match self.hear().await? {
                None => return Ok(()),
                Some(line) if line == "." => break,
                // A dot at the beginning of a line was doubled on the way.
                Some(line) => data.push_str(&format!("{}\r\n", line.strip_prefix('.').unwrap_or(&line))),
            }
        }
        if let Some(reply) = self.script(|script| script.mails.pop_front()) {
            return self.say(reply).await;
        }
        let (head, body) = data.split_once("\r\n\r\n").unwrap_or((&data, ""));
        let head = head.replace("\r\n ", " ");
        let quoted = head.to_ascii_lowercase().contains("quoted-printable");
        let text = if quoted { unquoted(body) } else { body.to_owned() };
        let (from, to, encrypted) = (self.from.clone(), self.to.clone(), self.encrypted);
        self.shared.mails.lock().expect("a lock").push(Mail { from, to, head, text, encrypted });
        self.say("250 2.0.0 taken").await
    }
}

/// What stands between `<` and `>`.
fn between(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

/// Quoted-printable as text.
fn unquoted(body: &str) -> String {
    let (joined, mut bytes) = (body.replace("=\r\n", ""), Vec::new());
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'=').and_then(|code| hex::decode(code).ok());
        bytes.push(code.as_ref().map_or(*first, |code| code[0]));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).expect("text")
}
