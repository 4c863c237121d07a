//! PURE: from findings to verdicts.

use hadir::{
    evidence::finding::{Code, Finding},
    model::words::{Severity, Verdict, Words},
    policy::{EarlierDays, Rules, decide},
};
use proptest::{prelude::*, sample::select};

fn finding(code: Code, severity: Severity) -> Finding {
    Finding { code, severity, measure: None, words: Words::new("", "") }
}

#[test]
fn nothing_found_is_accepted_and_lesser_findings_stay_so() {
    assert_eq!(decide(&Rules::current(&[]), vec![], &EarlierDays::default()).verdict, Verdict::Accepted);
    let lesser = vec![
        finding(Code::Late, Severity::Info),
        finding(Code::ClockSkew, Severity::Low),
        finding(Code::PhotoBlurred, Severity::Medium),
    ];
    let decided = decide(&Rules::current(&[]), lesser, &EarlierDays::default());
    assert_eq!(decided.verdict, Verdict::Accepted);
    assert!(decided.findings.iter().all(|(_, flags)| !flags));
}

#[test]
fn two_different_medium_findings_flag_together_and_the_same_twice_does_not() {
    let two = vec![finding(Code::PhotoBlurred, Severity::Medium), finding(Code::PhotoOtherTime, Severity::Medium)];
    assert_eq!(decide(&Rules::current(&[]), two, &EarlierDays::default()).verdict, Verdict::Flagged);
    let same = vec![finding(Code::PhotoBlurred, Severity::Medium); 2];
    assert_eq!(decide(&Rules::current(&[]), same, &EarlierDays::default()).verdict, Verdict::Accepted);
}

#[test]
fn what_could_not_be_verified_is_never_a_pass() {
    for code in [
        Code::LocationCannotTell,
        Code::LocationStale,
        Code::LocationMissing,
        Code::PlaceMissing,
        Code::PhotoNotExamined,
    ] {
        let decided = decide(&Rules::current(&[]), vec![finding(code, Severity::Medium)], &EarlierDays::default());
        assert_eq!((decided.verdict, decided.urgency()), (Verdict::Flagged, 1), "{code:?}");
    }
    let outside =
        decide(&Rules::current(&[]), vec![finding(Code::LocationOutside, Severity::High)], &EarlierDays::default());
    assert_eq!((outside.verdict, outside.urgency()), (Verdict::Flagged, 0));
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let codes = vec![
        Code::LocationOutside,
        Code::LocationCannotTell,
        Code::PhotoDark,
        Code::PhotoBlurred,
        Code::PhotoOtherTime,
        Code::Late,
        Code::ClockSkew,
    ];
    (select(codes), select(Severity::ALL)).prop_map(|(code, severity)| finding(code, severity))
}

proptest! {
    #[test]
    fn one_more_finding_never_turns_a_flag_into_an_acceptance(found in prop::collection::vec(any_finding(), 0..6), more in any_finding()) {
        let before = decide(&Rules::current(&[]), found.clone(), &EarlierDays::default());
        let mut all = found;
        all.push(more);
        let after = decide(&Rules::current(&[]), all, &EarlierDays::default());
        prop_assert!(before.verdict == Verdict::Accepted || after.verdict == Verdict::Flagged);
        prop_assert_eq!(after.verdict == Verdict::Flagged, after.findings.iter().any(|(_, flags)| *flags));
    }
}
