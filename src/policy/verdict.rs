//! From findings to a verdict.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::rules::Rules;
use crate::{
    evidence::finding::{Code, Finding},
    model::words::{Severity, Verdict},
};

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Accepted, or flagged for a person's eye.
    pub verdict: Verdict,
    /// Every finding, and whether it is a reason for the flag.
    pub findings: Vec<(Finding, bool)>,
    /// Which rules decided.
    pub rules_version: Arc<str>,
}

impl Decided {
    /// How urgent the case is: 0 when a reason is of high severity, else 1.
    pub fn urgency(&self) -> i64 {
        let high = self.findings.iter().any(|(finding, flags)| *flags && finding.severity == Severity::High);
        i64::from(!high)
    }
}

/// On how many earlier days a person's check-ins had a finding of medium severity that nobody accepted yet.
pub type EarlierDays = BTreeMap<Code, usize>;

/// Applies the rules. Findings keep their order; adding a finding never turns a flag into an acceptance.
pub fn decide(rules: &Rules, findings: Vec<Finding>, earlier: &EarlierDays) -> Decided {
    let heard = |finding: &&Finding| !rules.silent.contains(&finding.code);
    let medium: HashSet<Code> = findings
        .iter()
        .filter(heard)
        .filter(|finding| finding.severity == Severity::Medium)
        .map(|finding| finding.code)
        .collect();
    let together = medium.len() >= rules.medium_together;
    let again =
        |code: Code| code.is_about_position() && earlier.get(&code).copied().unwrap_or(0) + 1 >= rules.medium_days;
    let flags = |finding: &Finding| {
        heard(&finding)
            && (finding.severity >= rules.severity_alone
                || rules.alone.contains(&finding.code)
                || (finding.severity == Severity::Medium && (together || again(finding.code))))
    };
    let findings: Vec<(Finding, bool)> = findings
        .into_iter()
        .map(|finding| {
            let reason = flags(&finding);
            (finding, reason)
        })
        .collect();
    let verdict = if findings.iter().any(|(_, reason)| *reason) { Verdict::Flagged } else { Verdict::Accepted };
    Decided { verdict, findings, rules_version: Arc::clone(&rules.version) }
}
