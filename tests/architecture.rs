//! Folders depend on each other only in the drawn direction, and edges keep their libraries to themselves.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Who may use whom. `lib.rs` declares the folders; everything else has a row.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("evidence", &["model"]),
    ("policy", &["model", "evidence"]),
    ("config", &["model"]),
    ("keys", &["model"]),
    ("seal", &["keys", "model"]),
    ("store", &["model"]),
    ("blobs", &["model"]),
    ("work", &["model"]),
    ("telemetry", &["config", "model"]),
    ("log", &["model", "store"]),
    ("reuse", &["evidence", "model", "store"]),
    ("tally", &["model", "store"]),
    ("ways", &["model", "store"]),
    (
        "app",
        &[
            "blobs",
            "config",
            "evidence",
            "keys",
            "model",
            "policy",
            "reuse",
            "seal",
            "store",
            "tally",
            "ways",
            "telemetry",
            "work",
        ],
    ),
    ("reconcile", &["app", "blobs", "model", "store"]),
    ("notify", &["app", "config", "model", "store", "telemetry"]),
    ("places", &["app", "evidence", "log", "model", "notify", "presence", "seal", "session", "store"]),
    ("presence", &["model", "store"]),
    ("session", &["app", "keys", "log", "model", "store", "work"]),
    ("display", &["app", "blobs", "evidence", "work"]),
    ("people", &["app", "evidence", "log", "model", "places", "presence", "session", "store"]),
    ("changes", &["app", "log", "model", "notify", "policy", "presence", "review", "session", "store"]),
    (
        "review",
        &["app", "blobs", "display", "evidence", "log", "model", "notify", "policy", "session", "store", "work"],
    ),
    (
        "checkin",
        &[
            "app",
            "blobs",
            "display",
            "evidence",
            "keys",
            "log",
            "model",
            "places",
            "policy",
            "presence",
            "reuse",
            "review",
            "session",
            "store",
            "telemetry",
            "work",
        ],
    ),
    ("own_data", &["app", "checkin", "display", "log", "model", "session", "store", "work"]),
    (
        "jobs",
        &[
            "app",
            "blobs",
            "changes",
            "checkin",
            "evidence",
            "model",
            "notify",
            "places",
            "reconcile",
            "review",
            "store",
            "telemetry",
        ],
    ),
    (
        "http",
        &[
            "app",
            "changes",
            "checkin",
            "config",
            "display",
            "evidence",
            "log",
            "model",
            "own_data",
            "people",
            "places",
            "policy",
            "presence",
            "review",
            "session",
            "store",
            "tally",
            "ways",
            "telemetry",
            "work",
        ],
    ),
    (
        "server",
        &[
            "app",
            "blobs",
            "changes",
            "config",
            "evidence",
            "http",
            "jobs",
            "keys",
            "model",
            "notify",
            "places",
            "policy",
            "reuse",
            "seal",
            "store",
            "tally",
            "ways",
            "telemetry",
            "work",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "blobs",
            "config",
            "evidence",
            "http",
            "log",
            "model",
            "people",
            "places",
            "presence",
            "reconcile",
            "server",
            "store",
            "telemetry",
        ],
    ),
    ("main", &["cli", "telemetry"]),
];

/// Libraries that only one folder (or file) may name.
const KEPT_INSIDE: &[(&str, &[&str])] = &[
    ("actix_web", &["http", "server"]),
    ("actix_multipart", &["http"]),
    ("sqlx", &["store"]),
    ("aws_sdk_s3", &["blobs"]),
    ("image", &["evidence", "cli"]),
    ("turbojpeg", &["evidence"]),
    ("zune_jpeg", &["evidence"]),
    ("jpeg_encoder", &["evidence"]),
    ("fast_image_resize", &["evidence"]),
    ("tract_onnx", &["evidence"]),
    ("exif", &["evidence"]),
    ("jsonwebtoken", &["session", "keys"]),
    ("utoipa_swagger_ui", &["http"]),
    ("reqwest", &["cli"]),
    ("prometheus_client", &["telemetry"]),
    ("rust_embed", &["http"]),
    ("zip", &["own_data"]),
    ("hyper", &["notify", "config"]),
    ("hyper_rustls", &["notify"]),
    ("hyper_util", &["notify"]),
    ("http_body_util", &["notify"]),
    ("rustls", &["notify"]),
    ("lettre", &["notify"]),
];

/// Folders without async, clock or I/O.
const PURE: &[&str] = &["evidence", "policy"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// (folder, file, text without comments)
fn modules() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let module = |path: PathBuf| {
        let file = path.strip_prefix(&root).unwrap().display().to_string();
        let folder = file.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (folder, file, code.join("\n"))
    };
    paths.into_iter().map(module).filter(|(folder, ..)| folder != "lib").collect()
}

/// Folders that a text names after `crate::` or `hadir::`.
fn used(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for root in ["crate::", "hadir::"] {
        for (at, _) in text.match_indices(root) {
            let rest = &text[at + root.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                names.extend(first_names(group));
            } else {
                names.extend(rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().map(str::to_owned));
            }
        }
    }
    names
}

/// The first segment of each member of a `use` group.
fn first_names(group: &str) -> Vec<String> {
    let (mut depth, mut member, mut members) = (1, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => members.push(std::mem::take(&mut member)),
            _ if depth == 1 => member.push(c),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    members.push(member);
    members
        .iter()
        .filter_map(|member| member.trim().split("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn folders_use_each_other_only_in_the_drawn_direction() {
    for (folder, file, text) in modules() {
        let allowed =
            MAY_USE.iter().find(|(name, _)| *name == folder).unwrap_or_else(|| panic!("{folder} has no row here")).1;
        for name in used(&text) {
            let fine =
                name == folder || allowed.contains(&name.as_str()) || !MAY_USE.iter().any(|(known, _)| *known == name);
            assert!(fine, "{file} uses {name}, which is against the direction of the house");
        }
    }
}

#[test]
fn each_edge_keeps_its_library_to_itself() {
    for (folder, file, text) in modules() {
        for (library, homes) in KEPT_INSIDE {
            let names = text.contains(&format!("{library}::"));
            assert!(!names || homes.contains(&folder.as_str()), "{file} names {library}");
        }
    }
}

#[test]
fn what_decides_is_pure() {
    for (folder, file, text) in modules().iter().filter(|(folder, ..)| PURE.contains(&folder.as_str())) {
        for word in [
            "async ",
            ".await",
            "tokio::",
            "std::fs",
            "std::net",
            "std::env",
            "Instant::now",
            "dyn Clock",
            "SystemClock",
        ] {
            assert!(!text.contains(word), "{file} in {folder} holds `{word}`");
        }
    }
}

#[test]
fn the_table_of_directions_has_no_circle() {
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    while placed.len() < MAY_USE.len() {
        let ready: Vec<&str> = MAY_USE
            .iter()
            .filter(|(name, uses)| !placed.contains(name) && uses.iter().all(|used| placed.contains(used)))
            .map(|(name, _)| *name)
            .collect();
        assert!(
            !ready.is_empty(),
            "a circle among {:?}",
            MAY_USE.iter().map(|row| row.0).filter(|name| !placed.contains(name)).collect::<Vec<_>>()
        );
        placed.extend(ready);
    }
}

#[test]
fn the_twin_migrations_are_all_embedded() {
    let listed = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(listed("sqlite"), listed("postgres"));
    assert_eq!(listed("sqlite"), hadir::store::migrate::names());
}
