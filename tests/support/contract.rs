//! Holds every answer of every test against the API's description.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

/// Fails when the answer is not what the description promises for this route and status.
pub fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or(path);
    let document = document();
    let found = document["paths"].as_object().expect("paths").iter().find(|(pattern, _)| fits(pattern, path));
    let Some((pattern, item)) = found else {
        // Pages and the description itself are not described; an unknown address has to answer with a problem.
        assert!(
            answer.status < 400 || answer.header("content-type") == "application/problem+json",
            "{path}: {}",
            answer.text
        );
        return;
    };
    let operation = &item[method.to_ascii_lowercase()];
    if operation.is_null() {
        assert_eq!(answer.status, 405, "{method} {pattern} is not described");
        return;
    }
    let response = &operation["responses"][answer.status.to_string()];
    assert!(
        !response.is_null(),
        "{method} {pattern} answered {}, which is not described: {}",
        answer.status,
        answer.text
    );
    let Some(content) = response["content"].as_object() else {
        assert!(answer.text.is_empty(), "{method} {pattern} {} is described without a body", answer.status);
        return;
    };
    let (media_type, described) = content.iter().next().expect("a media type");
    let sent = answer.header("content-type").split(';').next().unwrap_or_default();
    assert_eq!(sent, media_type, "{method} {pattern} {}", answer.status);
    if media_type.ends_with("json") {
        let errors: Vec<String> = validator(&described["schema"])
            .iter_errors(&answer.json)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method} {pattern} {}: {errors:?}\n{}", answer.status, answer.text);
    }
    if answer.status >= 400 {
        let codes = response["description"].as_str().expect("the codes");
        assert!(
            codes.split(", ").any(|code| code == answer.code()),
            "{method} {pattern} may not answer `{}`",
            answer.code()
        );
    }
}

/// The description as it is served.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text = hadir::http::spec::document().to_json().expect("a document");
        serde_json::from_str(&text).expect("JSON")
    })
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(path).all(|(wanted, got)| wanted.starts_with('{') || *wanted == got)
}

fn validator(schema: &Value) -> Arc<Validator> {
    static COMPILED: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    let key = schema.to_string();
    if let Some(found) = compiled.lock().expect("a lock").get(&key) {
        return Arc::clone(found);
    }
    let whole = json!({"allOf": [schema], "components": document()["components"]});
    let made = Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).expect("a schema"));
    compiled.lock().expect("a lock").insert(key, Arc::clone(&made));
    made
}
