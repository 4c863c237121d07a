//! Fences and probabilities against other people's numbers (made by `scripts/oracle-numbers`), and what must hold for
//! every fence.

use hadir::{
    evidence::location::{
        fence::{Fence, Judged, Outcome, distance_m, judge},
        fix::Fix,
        plane::{self, Local},
        probability::{p_in_circle, p_in_polygon},
        shape::{Circle, Polygon, Shape},
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

/// The rows of a file of reference numbers, without its head.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn geodesics_are_those_of_geographiclib_to_ten_nanometres() {
    let mut worst: f64 = 0.0;
    for row in rows(include_str!("golden/geodesic.csv")) {
        let [lat1, lon1, lat2, lon2, metres] = [0, 1, 2, 3, 4].map(|column| number(row[column]));
        let found = distance_m(Position::new(lat1, lon1).unwrap(), Position::new(lat2, lon2).unwrap());
        worst = worst.max((found - metres).abs());
        // Across continents the series of the library is good for 15 nm, by its author's own word.
        let limit = if metres < 2e6 { 1e-8 } else { 1.5e-8 };
        assert!((found - metres).abs() <= limit, "{row:?}: {found}");
    }
    assert!(worst > 0.0, "the numbers were compared");
}

#[test]
fn circles_are_those_of_the_non_central_chi_squared_distribution() {
    for row in rows(include_str!("golden/circle.csv")) {
        let [radius, distance, sigma, p] = [0, 1, 2, 3].map(|column| number(row[column]));
        let found = p_in_circle(radius, distance, sigma);
        assert!((found - p).abs() < 1e-9, "{row:?}: {found}");
    }
}

#[test]
fn polygons_are_those_of_two_dimensional_quadrature() {
    for row in rows(include_str!("golden/polygon.csv")) {
        let [east, north, sigma, p] = [2, 3, 4, 5].map(|column| number(row[column]));
        let corner = |pair: &str| {
            let (x, y) = pair.split_once(':').unwrap();
            Local { east: number(x) - east, north: number(y) - north }
        };
        let rings: Vec<Vec<Local>> = row[1].split('|').map(|ring| ring.split(' ').map(corner).collect()).collect();
        let found = p_in_polygon(&rings, sigma);
        assert!((found - p).abs() < 1e-9, "{} from {east}, {north} with {sigma}: {found} is not {p}", row[0]);
    }
}

#[test]
fn the_map_keeps_distance_and_direction() {
    for (latitude, longitude) in [(-6.595, 106.8166), (60.0, 10.0), (-80.0, 179.9999), (0.0, -180.0)] {
        let origin = Position::new(latitude, longitude).unwrap();
        for (east, north) in [(80.0, 0.0), (0.0, -1000.0), (-1500.0, 700.0), (3000.0, -4000.0)] {
            let there = plane::position(origin, Local { east, north }).unwrap();
            let back = plane::local(origin, there);
            assert!((back.east - east).hypot(back.north - north) < 1e-6, "{latitude} {east} {north}: {back:?}");
            let length = east.hypot(north);
            // Near the poles the meridians converge too fast for five kilometres.
            let limit = if latitude.abs() > 70.0 { 0.02 } else { 1e-3 };
            let found = distance_m(origin, there);
            assert!((found - length).abs() < limit, "{latitude} {east} {north}: {found}");
        }
    }
}

#[test]
fn an_edge_is_a_geodesic_far_from_the_equator_too() {
    // Two corners 2 km apart on the 60th parallel: their geodesic passes 13.6 cm north of the parallel.
    let middle = Position::new(60.0, 10.0).unwrap();
    let half = 1000.0 / 55_802.0;
    let [west, east] = [-half, half].map(|off| plane::local(middle, Position::new(60.0, 10.0 + off).unwrap()));
    assert!((west.north - 0.136).abs() < 0.001 && (east.north - 0.136).abs() < 0.001, "{west:?} {east:?}");
}

const BOGOR: (f64, f64) = (-6.595, 106.8166);

fn fence(shape: Shape) -> Fence {
    let place_id = PlaceId::new(at("2026-01-01T00:00:00Z"), &Chance::from_seed([1; 32]));
    Fence { place_id, kind: PlaceKind::Home, shape, sigma_m: 10.0 }
}

/// A star-shaped ring around a point: corner `i` lies in direction `i` at `radii[i]`.
fn star(middle: Position, radii: &[f64], shift: Local) -> Vec<Position> {
    let corner = |(place, radius): (usize, &f64)| {
        let angle = place as f64 * std::f64::consts::TAU / radii.len() as f64;
        let at = Local { east: shift.east + radius * angle.cos(), north: shift.north + radius * angle.sin() };
        plane::position(middle, at).unwrap()
    };
    radii.iter().enumerate().map(corner).collect()
}

fn judged(rings: Vec<Vec<Position>>, at: Position, accuracy_m: f64) -> Judged {
    let shape = Shape::Polygon(Polygon::new(rings).unwrap());
    judge(Fix { position: at, accuracy_m }, AccuracyBasis::Web, &[fence(shape)]).unwrap()
}

fn some_middle() -> impl Strategy<Value = Position> {
    prop_oneof![
        Just(Position::new(BOGOR.0, BOGOR.1).unwrap()),
        Just(Position::new(-16.8, 180.0).unwrap()),
        Just(Position::new(60.0, -0.001).unwrap()),
        (-80.0..80.0_f64, -180.0..180.0_f64)
            .prop_map(|(latitude, longitude)| Position::new(latitude, longitude).unwrap()),
    ]
}

const ORIGIN: Local = Local { east: 0.0, north: 0.0 };

proptest! {
    #[test]
    fn where_on_earth_a_fence_lies_changes_nothing(middle in some_middle(), radii in prop::collection::vec(60.0..400.0_f64, 5..12), east in -600.0..600.0_f64, north in -600.0..600.0_f64, accuracy in 5.0..200.0_f64) {
        let here = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let off = Local { east, north };
        let one = judged(vec![star(here, &radii, ORIGIN)], plane::position(here, off).unwrap(), accuracy);
        let other = judged(vec![star(middle, &radii, ORIGIN)], plane::position(middle, off).unwrap(), accuracy);
        prop_assert!((one.best.p_in - other.best.p_in).abs() < 1e-5, "{} {}", one.best.p_in, other.best.p_in);
        prop_assert!((one.best.gap_m - other.best.gap_m).abs() < 1e-3);
    }

    #[test]
    fn neither_the_way_round_nor_the_first_corner_matters(radii in prop::collection::vec(60.0..400.0_f64, 5..12), first in 0..12_usize, east in -600.0..600.0_f64, accuracy in 5.0..200.0_f64) {
        let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let at = plane::position(middle, Local { east, north: 33.0 }).unwrap();
        let ring = star(middle, &radii, ORIGIN);
        let mut other = ring.clone();
        other.reverse();
        let first = first % other.len();
        other.rotate_left(first);
        other.push(other[0]);
        let (one, other) = (judged(vec![ring], at, accuracy), judged(vec![other], at, accuracy));
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert!((one.best.p_in - other.best.p_in).abs() < 1e-12);
        prop_assert!((one.best.gap_m - other.best.gap_m).abs() < 1e-9);
    }

    #[test]
    fn a_hole_takes_off_exactly_what_it_holds(outer in prop::collection::vec(220.0..400.0_f64, 5..10), hole in prop::collection::vec(40.0..120.0_f64, 4..9), east in -500.0..500.0_f64, north in -500.0..500.0_f64, accuracy in 5.0..300.0_f64) {
        let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let at = plane::position(middle, Local { east, north }).unwrap();
        let (outer, hole) = (star(middle, &outer, ORIGIN), star(middle, &hole, ORIGIN));
        let p = |rings: Vec<Vec<Position>>| judged(rings, at, accuracy).best.p_in;
        let (whole, part, rest) = (p(vec![outer.clone()]), p(vec![hole.clone()]), p(vec![outer, hole]));
        prop_assert!((whole - part - rest).abs() < 1e-9, "{whole} - {part} is not {rest}");
    }

    #[test]
    fn a_polygon_of_many_corners_is_a_circle(radius in 75.0..400.0_f64, east in -600.0..600.0_f64, accuracy in 8.0..200.0_f64) {
        let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let at = plane::position(middle, Local { east, north: 0.0 }).unwrap();
        // The same area, so that what is left is the shape of the edge.
        let corners = 360.0_f64;
        let wide = radius * (std::f64::consts::TAU / corners / (std::f64::consts::TAU / corners).sin()).sqrt();
        let polygon = judged(vec![star(middle, &[wide; 360], ORIGIN)], at, accuracy);
        let circle = judge(Fix { position: at, accuracy_m: accuracy }, AccuracyBasis::Web, &[fence(Shape::Circle(Circle::new(middle, radius).unwrap()))]).unwrap();
        prop_assert!((polygon.best.p_in - circle.best.p_in).abs() < 1e-6, "{} {}", polygon.best.p_in, circle.best.p_in);
        prop_assert!((polygon.best.gap_m - circle.best.gap_m).abs() < 0.05);
    }

    #[test]
    fn more_accuracy_never_makes_a_reading_outside_from_inside_nor_the_other_way(radii in prop::collection::vec(100.0..400.0_f64, 4..10), east in -900.0..900.0_f64, north in -900.0..900.0_f64, accuracy in 3.0..500.0_f64, factor in 1.0..20.0_f64) {
        let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let at = plane::position(middle, Local { east, north }).unwrap();
        let ring = star(middle, &radii, ORIGIN);
        let (sharp, blurred) = (judged(vec![ring.clone()], at, accuracy).outcome, judged(vec![ring], at, accuracy * factor).outcome);
        prop_assert!(!(blurred == Outcome::Outside && sharp == Outcome::Inside), "more accuracy took an outside back into inside");
        prop_assert!(!(sharp == Outcome::Outside && blurred == Outcome::Inside));
        prop_assert!(sharp == Outcome::Outside || blurred != Outcome::Outside, "imprecision made an absence");
    }

    #[test]
    fn in_the_middle_of_a_circle_a_smaller_sigma_is_never_less_inside(radius in 20.0..2500.0_f64, accuracy in 0.1..5000.0_f64, factor in 0.01..1.0_f64) {
        let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
        let fences = [fence(Shape::Circle(Circle::new(middle, radius).unwrap()))];
        let p = |accuracy_m: f64| judge(Fix { position: middle, accuracy_m }, AccuracyBasis::Web, &fences).unwrap().best.p_in;
        prop_assert!(p(accuracy * factor) >= p(accuracy) - 1e-12);
    }

    #[test]
    fn no_ring_however_odd_panics_or_makes_a_verdict_of_nan(rings in prop::collection::vec(prop::collection::vec((any::<f64>(), any::<f64>()), 0..8), 0..3), near in prop::collection::vec(prop::collection::vec((-0.02..0.02_f64, -0.02..0.02_f64), 0..8), 0..3), latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64, accuracy in prop_oneof![Just(f64::MIN_POSITIVE), Just(1e308), 0.1..1e6_f64]) {
        let Ok(at) = Position::new(latitude, longitude) else { return Ok(()) };
        let around = |(north, east): &(f64, f64)| Position::new((latitude + north).clamp(-90.0, 90.0), (longitude + east).clamp(-180.0, 180.0)).ok();
        let wild = rings.iter().map(|ring| ring.iter().filter_map(|(a, b)| Position::new(*a, *b).ok()).collect()).collect();
        let near = near.iter().map(|ring| ring.iter().filter_map(around).collect()).collect();
        for rings in [wild, near] {
            let Ok(polygon) = Polygon::new(rings) else { continue };
            let found = judge(Fix { position: at, accuracy_m: accuracy }, AccuracyBasis::Unknown, &[fence(Shape::Polygon(polygon))]).unwrap();
            prop_assert!(found.best.p_in.is_finite() && found.best.p_out.is_finite() && found.best.gap_m.is_finite(), "{found:?}");
            prop_assert!((0.0..=1.0).contains(&found.best.p_in) && (0.0..=1.0).contains(&found.best.p_out));
        }
    }
}

#[test]
fn shapes_survive_being_written_down_and_read() {
    let middle = Position::new(BOGOR.0, BOGOR.1).unwrap();
    let polygon = Polygon::new(vec![star(middle, &[300.0; 6], ORIGIN), star(middle, &[80.0; 5], ORIGIN)]).unwrap();
    for shape in [Shape::Polygon(polygon), Shape::Circle(Circle::new(middle, 100.0).unwrap())] {
        let text = serde_json::to_string(&shape).unwrap();
        assert_eq!(serde_json::from_str::<Shape>(&text).unwrap(), shape, "{text}");
        let feature = hadir::places::geojson::write(&shape, serde_json::Map::new());
        let back = hadir::places::geojson::read(&feature).unwrap();
        assert!(distance_m(back.middle(), shape.middle()) < 0.02, "7 decimals are a centimetre");
    }
    for wrong in [
        r#"{"shape":"circle","center":{"latitude":200.0,"longitude":0.0},"radius_m":100.0}"#,
        r#"{"shape":"circle","center":{"latitude":1.0,"longitude":1.0},"radius_m":1e9}"#,
        r#"{"shape":"polygon","outer":[{"latitude":1.0,"longitude":1.0}]}"#,
        r#"{"shape":"square"}"#,
    ] {
        assert!(serde_json::from_str::<Shape>(wrong).is_err(), "{wrong}");
    }
}
