//! From findings to a verdict.

use std::collections::HashSet;

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
    pub rules_version: &'static str,
}

impl Decided {
    /// How urgent the case is: 0 when a reason is of high severity, else 1.
    pub fn urgency(&self) -> i64 {
        let high = self.findings.iter().any(|(finding, flags)| *flags && finding.severity == Severity::High);
        i64::from(!high)
    }
}

/// Applies the rules. Findings keep their order; adding a finding never turns a flag into an acceptance.
pub fn decide(rules: &Rules, findings: Vec<Finding>) -> Decided {
    let medium: HashSet<Code> =
        findings.iter().filter(|finding| finding.severity == Severity::Medium).map(|finding| finding.code).collect();
    let together = medium.len() >= rules.medium_together;
    let flags = |finding: &Finding| {
        finding.severity >= rules.severity_alone
            || rules.alone.contains(&finding.code)
            || (together && finding.severity == Severity::Medium)
    };
    let findings: Vec<(Finding, bool)> = findings
        .into_iter()
        .map(|finding| {
            let reason = flags(&finding);
            (finding, reason)
        })
        .collect();
    let verdict = if findings.iter().any(|(_, reason)| *reason) { Verdict::Flagged } else { Verdict::Accepted };
    Decided { verdict, findings, rules_version: rules.version }
}
