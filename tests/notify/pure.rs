//! What needs no server: pauses, signatures, words, settings.

use std::collections::BTreeSet;

use hadir::{
    config::{Config, SmtpTls},
    model::{
        ids::{PlaceRequestId, ReviewId},
        time::zone_named,
        words::NoticeKind,
    },
    notify::{About, backoff, webhook, words},
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::at;

const ID: Uuid = Uuid::from_u128(0x0199_d5a0_7c00_7000_8000_0000_0000_0001);

fn abouts() -> [About; 5] {
    let review_id = ReviewId(ID);
    [
        About::ExplanationAsked { review_id, due_at: at("2026-11-25T00:05:00Z") },
        About::DecisionMade { review_id },
        About::CaseOverdue { review_id },
        About::PlaceDecided { request_id: PlaceRequestId(ID) },
        About::DelegationBegins {
            change_id: hadir::model::ids::ChangeId(ID),
            valid_from: "2026-12-01".parse().unwrap(),
            valid_to: "2027-01-31".parse().unwrap(),
        },
    ]
}

#[test]
fn signatures_are_those_of_the_libraries_of_standard_webhooks() {
    let first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
    let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let keys = webhook::keys(first).unwrap();
    assert_eq!(webhook::signature(&keys, id, 1_614_265_330, body), expected);
    let two = webhook::keys(&format!("\n{first}\nwhsec_{}\n", "A".repeat(32))).unwrap();
    let signed = webhook::signature(&two, id, 1_614_265_330, body);
    assert!(signed.starts_with(&format!("{expected} v1,")) && signed.split(' ').count() == 2, "{signed}");
    for wrong in ["", "\n", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAA", "whsec_!", &format!("{first}\nrest")] {
        assert!(webhook::keys(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_is_kept_is_read_again_and_holds_ids_and_times_alone() {
    let kinds: BTreeSet<NoticeKind> = abouts().iter().map(About::kind).collect();
    assert_eq!(kinds.len(), NoticeKind::ALL.len());
    for about in abouts() {
        let kept = about.to_json();
        assert_eq!(About::read(about.kind(), &kept), Some(about.clone()));
        assert!(about.id() == ID && kept.to_string().contains(&ID.to_string()), "{kept}");
        for (name, value) in kept.as_object().unwrap() {
            assert!(
                ["_id", "_at", "_from", "_to"].iter().any(|end| name.ends_with(end)) && value.is_string(),
                "{name}"
            );
        }
    }
    assert_eq!(About::read(NoticeKind::PlaceDecided, &serde_json::json!({"unknown": 1})), None);
}

#[test]
fn every_mail_says_in_both_languages_what_happened_where_to_look_and_until_when() {
    let (_, wit) = zone_named("WIT").unwrap();
    for about in abouts() {
        let mail = words::mail(&about, "https://hadir.kota.example/", &wit);
        let (id, en) = mail.text.split_once("* * *").expect("both languages");
        assert!(id.contains("Silakan buka") && en.contains("Please open"), "{}", mail.text);
        assert_eq!(mail.text.matches("https://hadir.kota.example/").count(), 2, "{}", mail.text);
        assert!(mail.subject.contains(" / ") && mail.subject.len() < 90, "{}", mail.subject);
        assert!(mail.text.is_ascii() && mail.text.lines().all(|line| line.len() <= 100), "{}", mail.text);
        for word in ["http://", "GPS", "foto", "photo", "tolak", "reject", "alamat", "address"] {
            assert!(!mail.text.contains(word), "{word}: {}", mail.text);
        }
    }
    let [asked, decided, overdue, place, delegation] =
        abouts().map(|about| words::mail(&about, "https://hadir.kota.example", &wit).text);
    assert!(asked.contains("sebelum 25 November 2026 pukul 09.05 WIT"), "{asked}");
    assert!(asked.contains("before 25 November 2026, 09:05 WIT"), "{asked}");
    assert!(decided.contains(&format!("https://hadir.kota.example/phone#/case/{ID}\n")), "{decided}");
    assert!(overdue.contains("https://hadir.kota.example/console\n"), "{overdue}");
    assert!(place.contains("https://hadir.kota.example/phone#/home\n"), "{place}");
    assert!(delegation.contains("dari 1 Desember 2026 sampai dengan 31 Januari 2027"), "{delegation}");
    assert!(delegation.contains("from 1 December 2026 to 31 January 2027"), "{delegation}");
}

proptest! {
    #[test]
    fn a_pause_grows_to_its_limit_and_lies_in_the_upper_half(
        attempts in 1_i64..200, first in 1_i64..1_000, times in 1_i64..10_000, chance: u64,
    ) {
        let max = first * times;
        let pause = backoff::pause_s(attempts, first, max, chance);
        let longest = (0..attempts - 1).fold(first, |pause, _| (pause * 2).min(max));
        prop_assert!(pause >= longest / 2 && pause >= 1 && pause <= longest, "{pause} of {longest}");
    }
}

#[test]
fn pauses_differ() {
    let pauses: BTreeSet<i64> = (0..100).map(|chance| backoff::pause_s(5, 30, 21_600, chance)).collect();
    assert!(pauses.len() == 100 && pauses.iter().all(|pause| (240..=480).contains(pause)), "{pauses:?}");
}

#[test]
fn nothing_is_sent_unless_it_is_told_and_half_told_is_refused() {
    let off = Config::default();
    assert!(off.webhook_url.is_empty() && off.smtp_host.is_empty() && off.check().is_ok());
    let webhook =
        |url: &str| Config { webhook_url: url.into(), webhook_secret_file: "secret".into(), ..Config::default() };
    for url in ["https://terima.kota.example/in?a=1", "http://127.0.0.1:9/in", "http://[::1]:9/", "http://localhost:9"]
    {
        assert!(webhook(url).check().is_ok(), "{url}");
    }
    for url in [
        "http://terima.kota.example/in",
        "ftp://127.0.0.1/",
        "terima.kota.example",
        "https://",
        "https://a:b@c/",
        "http://127.0.0.1.evil.example/",
    ] {
        let why = webhook(url).check().expect_err(url).to_string();
        assert!(why.starts_with("webhook_url has to begin with https://"), "{url}: {why}");
    }
    let mail = Config {
        smtp_host: "surel.kota.example".into(),
        mail_from: "hadir@kota.example".into(),
        public_url: "https://hadir.kota.example".into(),
        ..Config::default()
    };
    assert!(mail.check().is_ok());
    let refused: [(Config, &str); 13] = [
        (
            Config { webhook_secret_file: "".into(), ..webhook("https://a.example/") },
            "webhook_url and webhook_secret_file",
        ),
        (Config { webhook_secret_file: "secret".into(), ..Config::default() }, "webhook_url and webhook_secret_file"),
        (Config { public_url: String::new(), ..mail.clone() }, "smtp_host needs public_url"),
        (Config { public_url: "http://hadir.kota.example".into(), ..mail.clone() }, "public_url has to begin"),
        (Config { mail_from: String::new(), ..mail.clone() }, "smtp_host needs mail_from"),
        (Config { smtp_tls: SmtpTls::None, ..mail.clone() }, "smtp_tls = \"none\" is for a relay on this machine"),
        (Config { smtp_user: "hadir".into(), ..mail.clone() }, "smtp_user and smtp_password_file"),
        (Config { smtp_password_file: "password".into(), ..mail.clone() }, "smtp_user and smtp_password_file"),
        (Config { notify_lease_s: 59, ..mail.clone() }, "notify_lease_s has to be at least twice"),
        (Config { notify_together: 0, ..Config::default() }, "notify_together"),
        (Config { notify_attempts_max: 0, ..Config::default() }, "notify_attempts_max"),
        (Config { notify_retry_s: 30_000, ..Config::default() }, "notify_retry_s"),
        (Config { notify_interval_ms: 1, ..Config::default() }, "notify_interval_ms"),
    ];
    for (config, expected) in refused {
        let why = config.check().expect_err(expected).to_string();
        assert!(why.starts_with(expected), "{expected}: {why}");
    }
}
