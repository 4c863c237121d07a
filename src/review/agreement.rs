//! PURE: how far two people who did not know of each other decided the same.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::words::Decision;

/// Two decisions each of a number of cases, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Agreement {
    /// Cases.
    pub n: u32,
    /// Accepted twice.
    pub both_accept: u32,
    /// Rejected twice.
    pub both_reject: u32,
    /// Accepted first, then rejected.
    pub first_accept_only: u32,
    /// Rejected first, then accepted.
    pub second_accept_only: u32,
    /// Cohen's kappa: agreement beyond what chance alone would give, 1 at best. None without cases, or when everybody
    /// always decided the same, where it is not defined.
    pub kappa: Option<f64>,
    /// Prevalence-adjusted and bias-adjusted kappa, 2 p - 1 with the share p of equal decisions: kappa alone is low
    /// where nearly all cases end the same way. None without cases.
    pub pabak: Option<f64>,
}

/// Counts pairs of (first, second) decisions. Cohen, "A coefficient of agreement for nominal scales", 1960; Byrt, Bishop
/// and Carlin, "Bias, prevalence and kappa", 1993.
pub fn agreement(pairs: impl IntoIterator<Item = (Decision, Decision)>) -> Agreement {
    let mut counted = Agreement::default();
    for (first, second) in pairs {
        counted.n += 1;
        match (first, second) {
            (Decision::Accept, Decision::Accept) => counted.both_accept += 1,
            (Decision::Reject, Decision::Reject) => counted.both_reject += 1,
            (Decision::Accept, Decision::Reject) => counted.first_accept_only += 1,
            (Decision::Reject, Decision::Accept) => counted.second_accept_only += 1,
        }
    }
    if counted.n > 0 {
        let share = |count: u32| f64::from(count) / f64::from(counted.n);
        let same = share(counted.both_accept + counted.both_reject);
        let first = share(counted.both_accept + counted.first_accept_only);
        let second = share(counted.both_accept + counted.second_accept_only);
        // Each accepts that often by habit, and so they meet by chance.
        let by_chance = first * second + (1.0 - first) * (1.0 - second);
        counted.pabak = Some(2.0 * same - 1.0);
        counted.kappa = (by_chance < 1.0).then(|| (same - by_chance) / (1.0 - by_chance));
    }
    counted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: Decision = Decision::Accept;
    const R: Decision = Decision::Reject;

    fn of(counts: [usize; 4]) -> Agreement {
        let kinds = [(A, A), (A, R), (R, A), (R, R)];
        agreement(kinds.iter().zip(counts).flat_map(|(pair, count)| std::iter::repeat_n(*pair, count)))
    }

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 1e-12)
    }

    #[test]
    fn the_textbook_table_has_the_textbook_kappa() {
        let found = of([20, 5, 10, 15]);
        assert!(near(found.kappa, 0.4) && near(found.pabak, 0.4), "{found:?}");
        assert_eq!((found.n, found.first_accept_only, found.second_accept_only), (50, 5, 10));
        // Rare rejections: kappa says little, PABAK does not.
        let found = of([90, 5, 5, 0]);
        assert!(found.kappa.is_some_and(|kappa| kappa < 0.0) && near(found.pabak, 0.8), "{found:?}");
    }

    #[test]
    fn without_cases_or_without_difference_there_is_no_kappa() {
        assert_eq!(of([0, 0, 0, 0]), Agreement::default());
        let found = of([7, 0, 0, 0]);
        assert!(found.kappa.is_none() && near(found.pabak, 1.0), "{found:?}");
    }

    proptest! {
        #[test]
        fn kappa_is_at_most_one_and_one_only_for_equal_decisions(counts in prop::array::uniform4(0_usize..40)) {
            let found = of(counts);
            if let Some(kappa) = found.kappa {
                prop_assert!((-1.0 - 1e-12..=1.0 + 1e-12).contains(&kappa), "{kappa}");
                prop_assert_eq!((kappa - 1.0).abs() < 1e-12, counts[1] == 0 && counts[2] == 0);
            }
        }

        #[test]
        fn who_decided_first_makes_no_difference(counts in prop::array::uniform4(0_usize..40)) {
            let [a, b, c, d] = counts;
            let (one, other) = (of(counts), of([a, c, b, d]));
            match (one.kappa, other.kappa) {
                (Some(one), Some(other)) => prop_assert!((one - other).abs() < 1e-12),
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }
}
