//! Settings: sources, refusals, and that what is printed can be read again.

use std::{collections::BTreeMap, io::Write as _};

use hadir::config::{Config, PhotoStore, SETTINGS, Secret};

fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, String> {
    let mut written = tempfile::NamedTempFile::new().unwrap();
    written.write_all(file.as_bytes()).unwrap();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let flags: Vec<(&str, String)> = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let config = Config::from_sources(Some(written.path()), &environment, &flags).map_err(|error| error.to_string())?;
    config.check().map_err(|error| error.to_string())?;
    Ok(config)
}

#[test]
fn later_sources_win_over_earlier_ones() {
    let file = "listen = \"127.0.0.1:1\"\nphoto_max_bytes = 1000000\ndata_dir = \"/tmp/a\"\n";
    let config =
        load(file, &[("HADIR_LISTEN", "127.0.0.1:2"), ("HADIR_DATA_DIR", "/tmp/b")], &[("data_dir", "/tmp/c")])
            .unwrap();
    assert_eq!(config.listen, "127.0.0.1:2");
    assert_eq!(config.photo_max_bytes, 1_000_000);
    assert_eq!(config.data_dir.to_str(), Some("/tmp/c"));
}

#[test]
fn texts_numbers_and_flags_come_from_the_environment_as_they_are_meant() {
    let config = load(
        "",
        &[
            ("HADIR_S3_BUCKET", "12345"),
            ("HADIR_S3_PATH_STYLE", "false"),
            ("HADIR_PHOTO_STORE", "memory"),
            ("HADIR_ACCESS_TOKEN_S", "300"),
            ("HADIR_DATABASE_URL", "postgres://hadir@db/hadir?sslmode=require"),
        ],
        &[],
    )
    .unwrap();
    assert_eq!(
        (config.s3_bucket.as_str(), config.s3_path_style, config.photo_store),
        ("12345", false, PhotoStore::Memory)
    );
    assert_eq!(
        (config.access_token_s, config.database_url().as_str()),
        (300, "postgres://hadir@db/hadir?sslmode=require")
    );
}

#[test]
fn unknown_and_misshapen_settings_are_refused_by_name() {
    for (file, environment, expected) in [
        ("lisen = \"127.0.0.1:1\"\n", None, "unknown field `lisen`"),
        ("photo_max_bytes = \"many\"\n", None, "photo_max_bytes"),
        ("", Some(("HADIR_LISEN", "x")), "HADIR_LISEN"),
        ("", Some(("HADIR_PHOTO_MAX_BYTES", "many")), "HADIR_PHOTO_MAX_BYTES"),
        ("", Some(("HADIR_PHOTO_STORE", "cloud")), "HADIR_PHOTO_STORE"),
        ("upload_budget_bytes = 1000\n", None, "upload_budget_bytes has to hold"),
        ("shutdown_s = 10\n", None, "shutdown_s has to be longer"),
        ("access_token_s = 3600\n", None, "access_token_s has to lie between 1 and 600"),
        ("listen = \"everywhere\"\n", None, "listen has to be an address"),
        ("photo_store = \"s3\"\n", None, "needs s3_access_key_id"),
        ("database_url = \"mysql://x\"\n", None, "database_url has to start with sqlite:"),
        ("database_url = \"sqlite:\"\n", None, "database_url has to start with sqlite:"),
        ("log_filter = \"hadir=nope\"\n", None, "log_filter has to be a level"),
        ("photo_max_bytes = 0\n", None, "photo_max_bytes has to be at least"),
    ] {
        let found = load(file, environment.as_slice(), &[]).unwrap_err();
        assert!(found.contains(expected), "{file}{environment:?}: {found}");
    }
}

#[test]
fn what_is_printed_can_be_read_again_and_holds_no_secret() {
    let config =
        Config { s3_secret_access_key: Secret::new("do-not-show"), photo_max_bytes: 7_000_000, ..Config::default() };
    let printed = config.print();
    assert!(!printed.contains("do-not-show") && !format!("{config:?}").contains("do-not-show"));
    assert!(printed.contains("# s3_secret_access_key is set and not shown"));
    let again = load(&printed, &[], &[]).unwrap();
    assert_eq!(again.photo_max_bytes, 7_000_000);
    let sentences = printed.lines().filter(|line| line.starts_with("# ") && !line.ends_with("not shown")).count();
    assert_eq!(sentences, SETTINGS.len(), "each setting has its sentence");
}
