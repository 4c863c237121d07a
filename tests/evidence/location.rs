//! Geodesy and the fence decision, against reference numbers.

use hadir::{
    evidence::location::{
        assess::{Claim, assess},
        fence::{Fence, INSIDE_FROM, Judged, Outcome, Reason, distance_m, judge},
        fix::{Fix, ReportedFix, Unusable, best, usable},
        probability::p_in_circle,
        shape::{Circle, Shape},
    },
    model::{
        chance::Chance,
        geo::Position,
        ids::PlaceId,
        words::{AccuracyBasis, PlaceKind},
    },
};
use proptest::prelude::*;

use crate::support::at;

fn position(latitude: f64, longitude: f64) -> Position {
    Position::new(latitude, longitude).unwrap()
}

fn fence(radius_m: f64) -> Fence {
    fence_at(position(-6.595, 106.8166), radius_m)
}

fn fence_at(centre: Position, radius_m: f64) -> Fence {
    let place_id = PlaceId::new(at("2026-01-01T00:00:00Z"), &Chance::from_seed([1; 32]));
    let shape = Shape::Circle(Circle::new(centre, radius_m).unwrap());
    Fence { place_id, kind: PlaceKind::Home, shape, sigma_m: 10.0 }
}

/// A fix so many metres north of the centre.
fn judged(metres: f64, accuracy_m: f64, radius_m: f64, basis: AccuracyBasis) -> Judged {
    // One degree of latitude is 110,588 m here (from the geodesic itself).
    let fix = Fix { position: position(-6.595 + metres / 110_588.9, 106.8166), accuracy_m };
    judge(fix, basis, &[fence(radius_m)]).unwrap()
}

#[test]
fn distances_are_those_of_geographiclib() {
    // GeographicLib 2.1.2, GeodSolve -i -E -p 10.
    let reference = [
        (-6.595, 106.8166, -6.595, 106.8166, 0.0),
        (-6.595, 106.8166, -6.5941, 106.8166, 99.530_029_369_6),
        (-6.595, 106.8166, -6.595, 106.8175, 99.528_974_367_3),
        (-6.2, 106.8166, -6.2007, 106.8172, 101.989_740_809_9),
        (-6.1754, 106.8272, -6.5971, 106.806, 46_693.909_883_696_1),
        (5.5483, 95.3238, 5.5484, 95.3239, 15.654_367_211_7),
        (-8.4991, 140.4049, -8.5, 140.4, 548.619_573_559_8),
        (-16.8, 179.9995, -16.8, -179.9995, 106.598_130_358_9),
        (89.999, 0.0, 89.999, 180.0, 223.387_959_124_4),
        (-6.595, 106.8166, -6.595_000_01, 106.8166, 0.001_105_889_4),
    ];
    for (lat1, lon1, lat2, lon2, metres) in reference {
        let found = distance_m(position(lat1, lon1), position(lat2, lon2));
        assert!((found - metres).abs() < 1e-8, "{found} is not {metres}");
    }
    // (0, 0) is no position here, so the near-antipodal case starts beside it; the algorithm's own bound is 15 nm.
    let far = distance_m(position(1e-300, 0.0), position(0.5, 179.7));
    assert!((far - 19_944_127.420_750_47).abs() < 1.5e-8, "{far}");
}

#[test]
fn distances_are_those_of_the_published_test_cases() {
    // From the test suite that GeographicLib's implementations share: lat1, lon1, lat2, lon2, s12.
    let reference = [
        (35.60777, -139.44815, -11.17491, -69.95921, 8_935_244.560_481_83),
        (55.52454, 106.05087, 77.03196, 197.18234 - 360.0, 4_105_086.171_392_44),
        (-21.97856, 142.59065, 41.84138, 98.56635, 8_394_328.894_657_671),
        (-66.99028, 112.2363, -12.70631, 285.90344 - 360.0, 11_150_344.231_208_024),
        (-17.42761, 173.34268, -15.84784, 5.93557, 16_076_603.163_118_067),
    ];
    for (lat1, lon1, lat2, lon2, metres) in reference {
        let found = distance_m(position(lat1, lon1), position(lat2, lon2));
        assert!((found - metres).abs() < 1e-8, "{found} is not {metres}");
    }
}

#[test]
fn the_probability_of_being_inside_is_the_noncentral_chi_squared_one() {
    // scipy.stats.ncx2.cdf((R/s)**2, 2, (d/s)**2)
    let reference = [
        (100.0, 0.0, 20.0, 0.999_996_273_347),
        (100.0, 50.0, 20.0, 0.990_853_476_885),
        (100.0, 85.0, 20.0, 0.739_173_800_446),
        (100.0, 100.0, 20.0, 0.459_901_613_226),
        (100.0, 100.0, 1.0, 0.498_005_263_663),
        (100.0, 150.0, 20.0, 0.004_918_952_651),
        (100.0, 0.0, 55.7, 0.800_433_694_620),
        (100.0, 30.0, 60.0, 0.708_191_009_777),
        (150.0, 120.0, 40.0, 0.725_409_391_067),
        (50.0, 10.0, 30.0, 0.731_571_590_972),
        (200.0, 400.0, 80.0, 0.004_136_749_169),
        (100.0, 0.0, 1000.0, 0.004_987_520_807),
    ];
    for (radius, distance, sigma, p) in reference {
        let found = p_in_circle(radius, distance, sigma);
        assert!((found - p).abs() < 1e-9, "R {radius} d {distance} sigma {sigma}: {found} is not {p}");
    }
}

/// The same probability by an independent way: a Poisson mixture of chi-squared distributions, summed until it changes
/// nothing more.
fn p_by_series(radius: f64, distance: f64, sigma: f64) -> f64 {
    let (half_x, half_lambda) = ((radius / sigma).powi(2) / 2.0, (distance / sigma).powi(2) / 2.0);
    let (mut weight, mut tail_term, mut tail, mut total) =
        ((-half_lambda).exp(), (-half_x).exp(), (-half_x).exp(), 0.0);
    for j in 0..2000 {
        total += weight * (1.0 - tail);
        let next = f64::from(j + 1);
        weight *= half_lambda / next;
        tail_term *= half_x / next;
        tail += tail_term;
    }
    total
}

#[test]
fn the_decision_holds_at_the_distances_the_design_states() {
    let outcome = |metres, accuracy| judged(metres, accuracy, 100.0, AccuracyBasis::Android).outcome;
    assert_eq!(outcome(83.0, 20.0), Outcome::Inside);
    assert_eq!(outcome(90.0, 20.0), Outcome::Uncertain(Reason::NearEdge));
    assert_eq!(outcome(145.0, 20.0), Outcome::Uncertain(Reason::NearEdge));
    assert_eq!(outcome(155.0, 20.0), Outcome::Outside);
    assert_eq!(outcome(0.0, 82.0), Outcome::Inside);
    assert_eq!(outcome(0.0, 84.0), Outcome::Uncertain(Reason::TooCoarse));
    assert_eq!(outcome(300.0, 100.0), Outcome::Uncertain(Reason::TooCoarse));
    assert_eq!(outcome(310.0, 100.0), Outcome::Outside);
    let web = |accuracy| judged(0.0, accuracy, 100.0, AccuracyBasis::Web).outcome;
    assert_eq!(web(77.0), Outcome::Inside);
    assert_eq!(web(78.5), Outcome::Uncertain(Reason::TooCoarse));
}

#[test]
fn with_two_places_one_is_enough_for_inside_and_both_are_needed_for_outside() {
    let far = fence_at(position(-6.58, 106.8166), 100.0);
    let fix = |latitude| Fix { position: position(latitude, 106.8166), accuracy_m: 15.0 };
    let places = [fence(100.0), far];
    assert_eq!(judge(fix(-6.58), AccuracyBasis::Web, &places).unwrap().outcome, Outcome::Inside);
    assert_eq!(judge(fix(-6.595), AccuracyBasis::Web, &places).unwrap().outcome, Outcome::Inside);
    let between = judge(fix(-6.5875), AccuracyBasis::Web, &places).unwrap();
    assert_eq!(between.outcome, Outcome::Outside);
    assert_eq!(judge(fix(-6.5), AccuracyBasis::Web, &[]), None);
}

#[test]
fn the_smallest_accuracy_is_the_best_fix() {
    let fix = |accuracy_m| Fix { position: position(-6.595, 106.8166), accuracy_m };
    assert_eq!(best(&[Ok(fix(30.0)), Ok(fix(9.0)), Err(Unusable::NoAccuracy), Ok(fix(300.0))]), Some((1, fix(9.0))));
    assert_eq!(best(&[]), None);
}

#[test]
fn a_fix_is_as_old_as_the_phones_own_clock_says() {
    let reported = |fix_time: &str| ReportedFix {
        latitude: Some(-6.595),
        longitude: Some(106.8166),
        accuracy_m: Some(10.0),
        fix_time: Some(at(fix_time)),
        altitude_m: None,
        speed_mps: None,
        heading_deg: None,
    };
    // The phone's clock is years off; only its own difference counts.
    let sent_at = at("2001-01-01T00:10:00Z");
    assert!(usable(&reported("2001-01-01T00:00:00Z"), sent_at).is_ok());
    assert!(usable(&reported("2000-12-31T23:59:59Z"), sent_at).is_err());
}

proptest! {
    #[test]
    fn the_integral_and_the_series_agree(radius in 20.0_f64..300.0, distance in 0.0_f64..600.0, sigma in 15.0_f64..400.0) {
        let (integral, series) = (p_in_circle(radius, distance, sigma), p_by_series(radius, distance, sigma));
        prop_assert!((integral - series).abs() < 1e-9, "{integral} {series}");
    }

    #[test]
    fn nearer_is_never_less_likely_and_wider_never_either(
        radius in 20.0_f64..300.0, distance in 0.0_f64..2000.0, sigma in 2.0_f64..400.0, more in 1.0_f64..50.0
    ) {
        let p = p_in_circle(radius, distance, sigma);
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert!(p_in_circle(radius, distance + more, sigma) <= p + 1e-12);
        prop_assert!(p_in_circle(radius + more, distance, sigma) >= p - 1e-12);
    }

    #[test]
    fn a_less_precise_phone_is_never_judged_more_surely(
        metres in 0.0_f64..3000.0, accuracy in 1.0_f64..2000.0, factor in 1.0_f64..20.0, radius in 75.0_f64..200.0
    ) {
        let sharp = judged(metres, accuracy, radius, AccuracyBasis::Web).outcome;
        let blurred = judged(metres, accuracy * factor, radius, AccuracyBasis::Web).outcome;
        prop_assert!(!(sharp == Outcome::Inside && blurred == Outcome::Outside));
        prop_assert!(!(sharp == Outcome::Outside && blurred == Outcome::Inside));
        if let Outcome::Uncertain(_) = sharp {
            prop_assert!(blurred != Outcome::Outside, "imprecision made an absence");
        }
    }

    #[test]
    fn outside_needs_a_gap_and_inside_needs_nearness(metres in 0.0_f64..3000.0, accuracy in 0.1_f64..5000.0) {
        let found = judged(metres, accuracy, 100.0, AccuracyBasis::Unknown);
        match found.outcome {
            Outcome::Outside => prop_assert!(found.best.gap_m > 3.0 * found.best.sigma_m),
            Outcome::Inside => prop_assert!(found.best.p_in >= INSIDE_FROM && found.best.distance_m < 100.0),
            Outcome::Uncertain(_) => {}
        }
    }

    #[test]
    fn whatever_a_phone_reports_the_answer_is_a_decision_or_a_refusal(
        latitude in prop::option::of(any::<f64>()), longitude in prop::option::of(any::<f64>()), accuracy in prop::option::of(any::<f64>()), age in any::<i32>()
    ) {
        let sent_at = at("2026-11-23T00:05:00Z");
        let fixes = [ReportedFix { latitude, longitude, accuracy_m: accuracy, fix_time: Some(sent_at.plus_seconds(-i64::from(age))), altitude_m: None, speed_mps: None, heading_deg: None }];
        let claim = Claim { fixes: &fixes, basis: AccuracyBasis::Web, position_error: None, mocked: false, sent_at };
        if let Ok(assessed) = assess(&claim, &[fence(100.0)])
            && let Some(judged) = assessed.evidence.judged {
                prop_assert!(judged.best.distance_m.is_finite() && judged.best.p_in.is_finite() && judged.best.p_out.is_finite());
            }
    }
}
