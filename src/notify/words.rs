//! What e-mails say: what happened, where to look, until when. Never what was found, decided or seen.

use jiff::tz::TimeZone;

use super::About;
use crate::model::{
    time::{Timestamp, WorkDate},
    words::Words,
};

/// Where whoever checks in reads on.
const PHONE: &str = "/phone#";
/// Where supervisors read on.
const CONSOLE: &str = "/console";

const MONTHS: [(&str, &str); 12] = [
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
];

/// An e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// Plain text, Indonesian first.
    pub text: String,
}

/// The e-mail about something, for a reader in a zone, with links below `public_url`.
pub fn mail(about: &About, public_url: &str, zone: &TimeZone) -> Mail {
    let subject = subject(about);
    let body = body(about, zone);
    let link = format!("{}{}", public_url.trim_end_matches('/'), path(about));
    Mail {
        subject: format!("{} / {}", subject.id, subject.en),
        text: format!(
            "{}\n\nSilakan buka:\n{link}\n\nSurel ini dikirim otomatis; mohon tidak dibalas.\n\n\
             * * *\n\n{}\n\nPlease open:\n{link}\n\nThis e-mail was sent automatically; please do not reply.\n",
            body.id, body.en
        ),
    }
}

fn subject(about: &About) -> Words {
    match about {
        About::ExplanationAsked { .. } => Words::new("Mohon penjelasan Anda", "Please explain"),
        About::DecisionMade { .. } => Words::new("Presensi Anda sudah diputuskan", "Your check-in was decided"),
        About::CaseOverdue { .. } => Words::new("Satu kasus menunggu Anda", "A case waits for you"),
        About::PlaceDecided { .. } => {
            Words::new("Permohonan tempat Anda sudah diputuskan", "Your request about a place was decided")
        }
        About::DelegationBegins { .. } => Words::new("Anda mewakili seorang atasan", "You stand in for a supervisor"),
    }
}

fn body(about: &About, zone: &TimeZone) -> Words {
    match about {
        About::ExplanationAsked { due_at, .. } => {
            let until = moment(*due_at, zone);
            Words::new(
                format!(
                    "Atasan meminta penjelasan Anda tentang satu presensi.\nMohon jawab sebelum {}.\n\
                     Sampai saat itu tidak ada yang diputuskan tanpa jawaban Anda.",
                    until.id
                ),
                format!(
                    "A supervisor asks you to explain one of your check-ins.\nPlease answer before {}.\n\
                     Until then nothing is decided without your answer.",
                    until.en
                ),
            )
        }
        About::DecisionMade { .. } => Words::new(
            "Satu presensi Anda yang ditandai sudah diputuskan.\n\
             Keputusan dan alasannya ada di halaman Anda. Jika Anda tidak setuju,\n\
             halaman itu menunjukkan sampai kapan Anda dapat mengajukan keberatan.",
            "One of your check-ins that was flagged has been decided.\n\
             The decision and its reason are on your page. If you do not agree,\n\
             the page says until when you can appeal.",
        ),
        About::CaseOverdue { .. } => Words::new(
            "Satu kasus belum diputuskan pada waktunya dan kini menunggu Anda\nsebagai atasan di atasnya.",
            "A case was not decided in its time and now waits for you,\nas the supervisor above.",
        ),
        About::PlaceDecided { .. } => Words::new(
            "Permohonan tentang tempat Anda sudah diputuskan.\nKeputusannya ada di halaman Anda.",
            "A request about a place of yours has been decided.\nThe decision is on your page.",
        ),
        About::DelegationBegins { valid_from, valid_to, .. } => {
            let (from, to) = (day(*valid_from), day(*valid_to));
            Words::new(
                format!("Anda mewakili seorang atasan dari {} sampai dengan {}.", from.id, to.id),
                format!("You stand in for a supervisor from {} to {}.", from.en, to.en),
            )
        }
    }
}

fn path(about: &About) -> String {
    match about {
        About::ExplanationAsked { review_id, .. } | About::DecisionMade { review_id } => {
            format!("{PHONE}/case/{review_id}")
        }
        About::PlaceDecided { .. } => format!("{PHONE}/home"),
        About::CaseOverdue { .. } | About::DelegationBegins { .. } => CONSOLE.to_owned(),
    }
}

/// `25 November 2026`.
fn day(date: WorkDate) -> Words {
    let month = usize::try_from(date.0.month() - 1).ok().and_then(|month| MONTHS.get(month));
    let (id, en) = month.copied().unwrap_or(("?", "?"));
    let with = |name: &str| format!("{} {name} {}", date.0.day(), date.0.year());
    Words::new(with(id), with(en))
}

/// `25 November 2026 pukul 07.05 WIB`.
fn moment(at: Timestamp, zone: &TimeZone) -> Words {
    let day = day(at.date_in(zone));
    let (time, letters) = (at.clock_time_in(zone), at.zone_letters_in(zone));
    let on_the_clock = time.replace('.', ":");
    Words::new(format!("{} pukul {time} {letters}", day.id), format!("{}, {on_the_clock} {letters}", day.en))
}
