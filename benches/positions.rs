//! The fence decision: what it says of honest and dishonest phones beside simpler rules, how fast it is, and its numbers
//! for an oracle.

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use hadir::{
    evidence::location::{
        fence::{Fence, Outcome, distance_m, judge},
        fix::Fix,
        plane::{self, Local},
        shape::{Circle, Polygon, Shape},
    },
    model::{
        chance::Chance,
        geo::Position,
        ids::{PersonId, PlaceId},
        time::Timestamp,
        words::{AccuracyBasis, PlaceKind},
    },
    store::{Store, StoreOptions, positions},
};
use sqlx::{Connection as _, SqliteConnection};

/// Readings of each kind in the simulation.
const READINGS: usize = 100_000;
/// Decisions that are timed.
const DECISIONS: usize = 200_000;

/// Uniform and normal numbers from seeded chance.
struct Dice(Chance);

impl Dice {
    fn new() -> Self {
        Self(Chance::from_seed([11; 32]))
    }

    /// Above 0, below 1.
    fn uniform(&self) -> f64 {
        (u64::from_le_bytes(self.0.bytes::<8>()) >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    fn between(&self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    fn normal(&self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Student's t with 3 degrees of freedom, scaled to the variance 1.
    fn heavy(&self) -> f64 {
        let chi2: f64 = (0..3).map(|_| self.normal().powi(2)).sum();
        self.normal() / (chi2 / 3.0).sqrt() / 3.0_f64.sqrt()
    }

    /// An error in metres and the accuracy the phone states for it, of the assumed mix of phones indoors: 35 % satellites,
    /// 45 % Wi-Fi with heavy tails, 12 % poor, 6 % cells, 2 % wrong and sure of themselves.
    fn reading(&self) -> (Local, f64) {
        let kind = self.uniform();
        let scaled = |accuracy: f64, one: &dyn Fn() -> f64| {
            let sigma = accuracy / 1.5096;
            (Local { east: sigma * one(), north: sigma * one() }, accuracy)
        };
        if kind < 0.35 {
            scaled(self.between(8.0, 25.0), &|| self.normal())
        } else if kind < 0.80 {
            scaled(self.between(12.0, 60.0), &|| self.heavy())
        } else if kind < 0.92 {
            scaled(self.between(60.0, 200.0), &|| self.heavy())
        } else if kind < 0.98 {
            scaled(self.between(400.0, 3000.0), &|| self.normal())
        } else {
            let (way, angle) = (self.between(300.0, 5000.0), self.between(0.0, std::f64::consts::TAU));
            (Local { east: way * angle.cos(), north: way * angle.sin() }, self.between(15.0, 60.0))
        }
    }
}

fn home() -> Position {
    Position::new(-6.595, 106.8166).expect("a position")
}

fn fence(shape: Shape) -> Fence {
    let place_id = PlaceId::new(Timestamp::from_microsecond(0), &Chance::from_seed([1; 32]));
    Fence { place_id, kind: PlaceKind::Home, shape, sigma_m: 10.0 }
}

fn circle(centre: Position, radius_m: f64) -> Fence {
    fence(Shape::Circle(Circle::new(centre, radius_m).expect("a circle")))
}

pub fn run() {
    simulate();
    speed();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime").block_on(population());
}

/// What is asked of everybody's positions, in a small and in a large table.
async fn population() {
    println!("\nquestions about positions, SQLite, ms, median of 200");
    println!("{:<12} {:>20} {:>20}", "rows", "same fix of others", "own last 30 days");
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("positions.sqlite3").display());
    let options = StoreOptions { url: url.clone(), connections: 2, acquire_timeout: Duration::from_secs(59) };
    let store = Store::open(&options).await.expect("a database");
    let mut raw = SqliteConnection::connect(&url).await.expect("a connection");
    let mut rows = 0_i64;
    for wanted in [10_000_i64, 1_000_000] {
        // 60 rows a person, half an hour apart.
        let fill = format!(
            "PRAGMA foreign_keys = OFF;
            WITH RECURSIVE n (i) AS (SELECT {rows} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {wanted})
            INSERT INTO positions (checkin_id, person_id, work_date, slot, received_at, sealed, fix_key, point_key, accuracy_m,
                    plain, on_home_point)
                SELECT randomblob(16), CAST(printf('%016d', i / 60) AS BLOB), '2026-11-23', 'morning', i * 1800000000,
                    randomblob(500), randomblob(32), randomblob(32), 12.5, 1, 0 FROM n"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut raw).await.expect("rows");
        rows = wanted;
        let mut times: [Vec<f64>; 2] = Default::default();
        for turn in 0..200_i64 {
            let person = turn * 31 % (rows / 60);
            let id = PersonId(uuid::Uuid::from_slice(format!("{person:016}").as_bytes()).expect("an id"));
            let until = Timestamp::from_microsecond((person + 1) * 60 * 1_800_000_000);
            let mut tx = store.glance().await.expect("a connection");
            let start = Instant::now();
            black_box(positions::others_with_fix(&mut tx, &[7; 32], id, until, 8).await.expect("rows"));
            times[0].push(start.elapsed().as_secs_f64() * 1e3);
            let start = Instant::now();
            let own = positions::between(&mut tx, id, Timestamp::from_microsecond(0), until).await.expect("rows");
            times[1].push(start.elapsed().as_secs_f64() * 1e3);
            assert_eq!(own.len(), 60);
        }
        let [fix, own] = times.map(|mut times| crate::pictures::median(&mut times));
        println!("{rows:<12} {fix:>20.3} {own:>20.3}");
    }
}

fn simulate() {
    let dice = Dice::new();
    let fences = [circle(home(), 100.0)];
    println!("{READINGS} readings of an assumed mix of phones, R = 100 m: inside / cannot tell / outside, %");
    println!("{:<44} {:>22} {:>22} {:>22}", "rule", "at home", "300 m away", "1 km away");
    let mut table: BTreeMap<&str, Vec<[f64; 3]>> = BTreeMap::new();
    for away in [0.0, 300.0, 1000.0] {
        let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for _ in 0..READINGS {
            // The registered centre is off by a little, as any is.
            let off = Local { east: away + 7.0 * dice.normal(), north: 7.0 * dice.normal() };
            let shots: Vec<(f64, Fix)> = (0..3)
                .map(|_| {
                    let (error, accuracy_m) = dice.reading();
                    let at = Local { east: off.east + error.east, north: off.north + error.north };
                    (at.length(), Fix { position: plane::position(home(), at).expect("a position"), accuracy_m })
                })
                .collect();
            let (distance, first) = shots[0];
            let best = shots.iter().min_by(|a, b| a.1.accuracy_m.total_cmp(&b.1.accuracy_m)).expect("three").1;
            let sure = |inside: bool| if inside { 0 } else { 2 };
            let ours = |fix: Fix| match judge(fix, AccuracyBasis::Android, &fences).expect("a fence").outcome {
                Outcome::Inside => 0,
                Outcome::Uncertain(_) => 1,
                Outcome::Outside => 2,
            };
            let answers = [
                ("1 distance <= R", sure(distance <= 100.0)),
                ("2 distance - accuracy < R", sure(distance - first.accuracy_m < 100.0)),
                (
                    "3 accuracy <= 50 m, then distance <= R",
                    if first.accuracy_m > 50.0 { 1 } else { sure(distance <= 100.0) },
                ),
                ("4 this service, one fix", ours(first)),
                ("5 this service, best accuracy of three", ours(best)),
            ];
            for (rule, answer) in answers {
                counts.entry(rule).or_default()[answer] += 1;
            }
        }
        for (rule, counts) in counts {
            table.entry(rule).or_default().push(counts.map(|count| count as f64 * 100.0 / READINGS as f64));
        }
    }
    for (rule, columns) in table {
        let cells = columns.iter().map(|[a, b, c]| format!("{:>22}", format!("{a:.2} / {b:.1} / {c:.2}")));
        println!("{:<44} {}", &rule[2..], cells.collect::<Vec<_>>().join(" "));
    }
}

fn square(middle: Position, half: f64) -> Fence {
    let corner = |east, north| plane::position(middle, Local { east, north }).expect("a position");
    let ring = vec![corner(-half, -half), corner(half, -half), corner(half, half), corner(-half, half)];
    fence(Shape::Polygon(Polygon::new(vec![ring]).expect("a polygon")))
}

fn speed() {
    let dice = Dice::new();
    let near = |metres: f64| {
        let at = Local { east: metres * dice.normal(), north: metres * dice.normal() };
        plane::position(home(), at).expect("a position")
    };
    let fixes: Vec<Fix> =
        (0..1000).map(|_| Fix { position: near(80.0), accuracy_m: dice.between(8.0, 120.0) }).collect();
    let places = |one: &dyn Fn(Position) -> Fence| -> Vec<Fence> {
        // Home, and four others in the same city.
        std::iter::once(one(home())).chain((0..4).map(|_| one(near(4000.0)))).collect()
    };
    println!("\nfull decisions a second, one core (geodesic, probability and verdict for every place)");
    let cases: [(&str, Vec<Fence>); 4] = [
        ("1 circle", vec![circle(home(), 100.0)]),
        ("5 circles", places(&|at| circle(at, 100.0))),
        ("1 square", vec![square(home(), 100.0)]),
        ("5 squares", places(&|at| square(at, 100.0))),
    ];
    for (name, fences) in cases {
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let start = Instant::now();
            for place in 0..DECISIONS {
                black_box(judge(black_box(fixes[place % fixes.len()]), AccuracyBasis::Web, &fences));
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!("{name:<12} {:>10.0}", DECISIONS as f64 / best);
    }
}

/// Prints cases for an oracle: `longitude latitude kind WKT radius gap inside`.
pub fn oracle() {
    let dice = Dice::new();
    let middles = [(-6.595, 106.8166), (-16.8, 180.0), (60.0, 10.0)];
    for number in 0..READINGS {
        let (latitude, longitude) = middles[number % 3];
        let middle = Position::new(latitude, longitude).expect("a position");
        let reach = dice.between(30.0, 900.0);
        let at = Local { east: dice.between(-reach, reach), north: dice.between(-reach, reach) };
        let position = plane::position(middle, at).expect("a position");
        let fence = if number % 2 == 0 {
            circle(middle, dice.between(20.0, 500.0))
        } else {
            let corners = 3 + (dice.uniform() * 14.0) as usize;
            let ring: Vec<Position> = (0..corners)
                .map(|corner| {
                    let angle = corner as f64 * std::f64::consts::TAU / corners as f64;
                    let radius = dice.between(60.0, 400.0);
                    let at = Local { east: radius * angle.cos(), north: radius * angle.sin() };
                    plane::position(middle, at).expect("a position")
                })
                .collect();
            fence(Shape::Polygon(Polygon::new(vec![ring]).expect("a star is simple")))
        };
        let judged = judge(Fix { position, accuracy_m: 10.0 }, AccuracyBasis::Web, std::slice::from_ref(&fence));
        let gap = judged.expect("a fence").best.gap_m;
        let point = |at: &Position| format!("{:?} {:?}", at.longitude(), at.latitude());
        let (wkt, radius) = match &fence.shape {
            Shape::Circle(circle) => (format!("POINT({})", point(&circle.centre())), circle.radius_m()),
            Shape::Polygon(polygon) => {
                let ring = &polygon.rings()[0];
                let corners: Vec<String> = ring.iter().chain(ring.first()).map(point).collect();
                (format!("POLYGON(({}))", corners.join(",")), 0.0)
            }
        };
        println!("POINT({})\t{wkt}\t{radius:?}\t{gap:?}\t{:?}", point(&position), distance_m(position, middle));
    }
}
