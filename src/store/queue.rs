//! The queue: which cases wait for whom, how many of what, and who holds them now.

use sqlx::FromRow;

use super::{
    StoreError, Tx, fetch, fetch_anew,
    lines::{desks, in_force, supervised, supervises},
    reviews::{ReviewRow, columns},
    statements::statements,
};
use crate::model::{
    ids::{PersonId, ReviewId, UnitId},
    time::{Timestamp, WorkDate},
    words::{ReviewState, Slot},
};

/// The same as [`all`], for cases that are found by something else than their unit: a test, which no engine joins by.
macro_rules! of_all {
    () => {
        concat!("(r.unit_id IN (", supervised!("$1", "$2"), ")) IS TRUE")
    };
}

/// Cases on the desk of a unit that `$1` supervises directly on the day `$2`.
macro_rules! mine {
    () => {
        concat!("r.deciding_unit_id IN (", desks!("$1", "$2"), ") AND ", of_all!())
    };
}

/// Cases of all units that `$1` supervises on the day `$2`.
macro_rules! all {
    () => {
        concat!("r.unit_id IN (", supervised!("$1", "$2"), ")")
    };
}

/// Cases that may be decided now (`$3` is now) by somebody else than whom they are about and who decided before. Who waits
/// for a second decision waits in the same queue, and so does a question nobody answered in time.
macro_rules! waiting {
    () => {
        "r.state <> 'decided' AND (r.state <> 'asked' OR r.due_at <= $3)
            AND r.person_id <> $1 AND (r.barred_id IS NULL OR r.barred_id <> $1)"
    };
}

/// Cases of the state `$14`; whoever decided before sees what became of it.
macro_rules! of_state {
    () => {
        "r.state <> 'decided' AND r.state = $14 AND r.opened_at <= $3
            AND r.person_id <> $1 AND (r.barred_id IS NULL OR r.barred_id <> $1)"
    };
}

macro_rules! decided {
    () => {
        "r.state = 'decided' AND r.opened_at <= $3 AND r.person_id <> $1"
    };
}

/// Units that `$1` supervises on the day `$2` and that a page asks for: with the code `$4` or below it, or all.
macro_rules! asked_for {
    () => {
        concat!(
            supervised!("$1", "$2"),
            " AND ($4 = '' OR l.unit_id IN (SELECT b.unit_id FROM unit_lines b JOIN units u ON u.id = b.above_id
                WHERE u.code = $4))"
        )
    };
}

/// The same, asked for one case at a time.
macro_rules! is_asked_for {
    () => {
        concat!(
            supervises!("r.unit_id", "$1", "$2"),
            " AND ($4 = '' OR EXISTS (SELECT 1 FROM unit_lines b JOIN units u ON u.id = b.above_id
                WHERE b.unit_id = r.unit_id AND u.code = $4))"
        )
    };
}

/// The same for PostgreSQL, which would make a join of the first half, or read all units for it.
macro_rules! is_asked_for_postgres {
    () => {
        concat!(
            "(SELECT TRUE FROM unit_lines l JOIN role_assignments ra ON ra.unit_id = l.above_id
                WHERE l.unit_id = r.unit_id AND ",
            in_force!("$1", "$2"),
            " LIMIT 1) AND ($4 = '' OR EXISTS (SELECT 1 FROM unit_lines b JOIN units u ON u.id = b.above_id
                WHERE b.unit_id = r.unit_id AND u.code = $4))"
        )
    };
}

/// What else a page asks for; an empty text is no wish. The reasons of each case are looked up for themselves: no engine
/// reads all reasons there ever were.
macro_rules! wishes {
    () => {
        "($5 = '' OR r.slot = $5)
            AND ($6 = '' OR (SELECT COUNT(*) FROM review_reasons q WHERE q.review_id = r.id AND q.code = $6) > 0)
            AND r.opened_at <= $7 AND ($8 = '' OR r.cause = $8)
            AND (r.work_date, r.urgency, r.opened_at, r.id) > ($9, $10, $11, $12)
        ORDER BY r.work_date, r.urgency, r.opened_at, r.id LIMIT $13"
    };
}

/// A page: the cases of it first, and then what is shown beside them.
macro_rules! page {
    ($($part:expr),*) => {
        concat!(
            "SELECT ",
            columns!(),
            ", p.nip, p.name AS person_name, n.code AS unit_code, n.name AS unit_name, h.name AS claimed_by_name,
                (SELECT COUNT(*) FROM review_attempts a WHERE a.review_id = r.id) AS attempts
            FROM (SELECT r.* FROM ",
            $($part,)*
            ") r JOIN people p ON p.id = r.person_id JOIN units n ON n.id = r.unit_id
                LEFT JOIN people h ON h.id = r.claimed_by
            ORDER BY r.work_date, r.urgency, r.opened_at, r.id"
        )
    };
}

/// A page where little is to be seen: the cases of its units are read, and put in order.
macro_rules! near {
    ($($of:expr),*) => {
        page!("reviews r WHERE ", $($of,)* " AND r.unit_id IN (", asked_for!(), ") AND ", wishes!())
    };
}

/// A page where much is to be seen: all cases are read in order, until there are enough. Each engine is kept from putting
/// in order what it reads unit by unit: SQLite by the name of the index, PostgreSQL by a test that is no join.
macro_rules! far_sqlite {
    ($index:literal, $($of:expr),*) => {
        page!("reviews r INDEXED BY ", $index, " WHERE ", $($of,)* " AND ", is_asked_for!(), " AND ", wishes!())
    };
}

macro_rules! far_postgres {
    ($($of:expr),*) => {
        page!("reviews r WHERE ", $($of,)* " AND (r.unit_id IN (", asked_for!(), ")) IS TRUE AND ", wishes!())
    };
}

/// A page where (nearly) every case is to be seen: each is asked for itself, and no units are gathered first.
macro_rules! wide_postgres {
    ($($of:expr),*) => {
        page!("reviews r WHERE ", $($of,)* " AND ", is_asked_for_postgres!(), " AND ", wishes!())
    };
}

/// A page of a reason that few cases ever had: those are read, and put in order.
macro_rules! of_reason {
    ($($of:expr),*) => {
        page!(
            "review_reasons z CROSS JOIN reviews r WHERE z.code = $6 AND r.id = z.review_id AND ",
            $($of,)*
            " AND ",
            is_asked_for!(),
            " AND ",
            wishes!()
        )
    };
}

/// How many cases there are to be seen, up to `$5`; so many, too, where there are more than 256 units. And whether the
/// asker supervises a unit that stands below none.
macro_rules! seen {
    ($state:literal) => {
        concat!(
            "SELECT CASE WHEN (SELECT COUNT(*) FROM (",
            asked_for!(),
            " LIMIT 257) units) > 256 THEN $5 ELSE (SELECT COUNT(*) FROM (SELECT 1 FROM reviews r WHERE ",
            $state,
            " AND r.opened_at <= $3 AND r.unit_id IN (",
            asked_for!(),
            ") LIMIT $5) seen) END,
                (SELECT COUNT(*) FROM role_assignments ra JOIN units u ON u.id = ra.unit_id WHERE u.parent_id IS NULL AND ",
            in_force!("$1", "$2"),
            ")"
        )
    };
}

/// Groups of waiting cases by unit, slot, urgency and whether they are past their target.
macro_rules! groups {
    ($of:expr) => {
        concat!(
            "SELECT n.code, n.name, r.slot, r.urgency,
                CAST(CASE WHEN r.target_at <= $3 OR r.escalations > 0 THEN 1 ELSE 0 END AS BIGINT) AS overdue, COUNT(*)
            FROM reviews r JOIN units n ON n.id = r.unit_id WHERE ",
            waiting!(),
            " AND ",
            $of,
            " GROUP BY n.code, n.name, r.slot, r.urgency, overdue ORDER BY n.code, r.slot, r.urgency, overdue"
        )
    };
}

macro_rules! reasons {
    ($of:expr) => {
        concat!(
            "SELECT q.code, COUNT(*) FROM reviews r JOIN review_reasons q ON q.review_id = r.id WHERE ",
            waiting!(),
            " AND ",
            $of,
            " GROUP BY q.code ORDER BY q.code"
        )
    };
}

macro_rules! causes {
    ($of:expr) => {
        concat!(
            "SELECT r.cause, COUNT(*) FROM reviews r WHERE r.cause IS NOT NULL AND ",
            waiting!(),
            " AND ",
            $of,
            " GROUP BY r.cause HAVING COUNT(*) > 1 ORDER BY r.cause"
        )
    };
}

statements! {
    DESKS = concat!(desks!("$1", "$2"), " GROUP BY ra.unit_id");
    // One desk: its cases are read in order.
    MINE = page!("reviews r INDEXED BY reviews_by_desk WHERE r.deciding_unit_id = $14 AND ", waiting!(), " AND ", is_asked_for!(), " AND ", wishes!()),
        page!("reviews r WHERE r.deciding_unit_id = $14 AND ", waiting!(), " AND ", is_asked_for_postgres!(), " AND ", wishes!());
    WITH_REASON = "SELECT COUNT(*) FROM (SELECT 1 FROM review_reasons WHERE code = $1 LIMIT $2) few";
    OF_REASON = of_reason!(waiting!());
    OF_REASON_AND_STATE = of_reason!(of_state!());
    OF_REASON_DECIDED = of_reason!(decided!());
    SEEN = seen!("r.state <> 'decided'");
    NEAR = near!(waiting!());
    FAR = far_sqlite!("reviews_waiting", waiting!()), far_postgres!(waiting!());
    WIDE = far_sqlite!("reviews_waiting", waiting!()), wide_postgres!(waiting!());
    NEAR_OF_STATE = near!(of_state!());
    FAR_OF_STATE = far_sqlite!("reviews_waiting", of_state!()), far_postgres!(of_state!());
    WIDE_OF_STATE = far_sqlite!("reviews_waiting", of_state!()), wide_postgres!(of_state!());
    SEEN_DECIDED = seen!("r.state = 'decided'");
    NEAR_DECIDED = near!(decided!());
    FAR_DECIDED = far_sqlite!("reviews_decided", decided!()), far_postgres!(decided!());
    WIDE_DECIDED = far_sqlite!("reviews_decided", decided!()), wide_postgres!(decided!());
    GROUPS_MINE = groups!(mine!());
    GROUPS_ALL = groups!(all!());
    REASONS_MINE = reasons!(mine!());
    REASONS_ALL = reasons!(all!());
    CAUSES_MINE = causes!(mine!());
    CAUSES_ALL = causes!(of_all!());
    ASKED = concat!("SELECT COUNT(*) FROM reviews r
        WHERE r.state = 'asked' AND r.due_at > $3 AND r.person_id <> $1 AND ", of_all!());
    CLAIMS = concat!("SELECT r.id, r.claimed_by, p.name, r.claim_expires_at
        FROM reviews r JOIN people p ON p.id = r.claimed_by
        WHERE r.state <> 'decided' AND r.claim_expires_at > $3
            AND r.person_id <> $1 AND (r.barred_id IS NULL OR r.barred_id <> $1) AND ", supervises!("r.unit_id", "$1", "$2"), "
        ORDER BY r.claim_expires_at, r.id LIMIT $4");
    // Not those that this person may not see at all.
    OF_CAUSE = concat!("SELECT COUNT(*) FROM reviews r WHERE r.cause = $4 AND ", waiting!(), " AND ", of_all!());
}

/// Up to so many cases are read at once and put in order; among more, reading all in order soon finds enough.
const NEAR_MAX: i64 = 1_000;
/// A reason that no more cases ever had is looked for by itself.
const RARE_MAX: i64 = 200;

/// A review in the queue, with the names a reviewer needs.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct QueuedReview {
    /// The review.
    #[sqlx(flatten)]
    pub review: ReviewRow,
    /// Staff number of the person.
    pub nip: String,
    /// Name of the person.
    pub person_name: String,
    /// Code of the unit.
    pub unit_code: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Who holds it, or held it last.
    pub claimed_by_name: Option<String>,
    /// Flagged attempts in it.
    pub attempts: i64,
}

/// A point in the queue after which a page begins; they are in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueuePoint {
    /// Work date of the last case seen.
    pub work_date: WorkDate,
    /// Its urgency.
    pub urgency: i64,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Its id.
    pub id: ReviewId,
}

impl QueuePoint {
    /// Where a case stands.
    pub fn of(review: &ReviewRow) -> Self {
        Self { work_date: review.work_date, urgency: review.urgency, opened_at: review.opened_at, id: review.id }
    }
}

/// Whose queue, on which day, at which moment.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// Who.
    pub person_id: PersonId,
    /// The day, for the roles in force.
    pub today: WorkDate,
    /// Now.
    pub now: Timestamp,
}

/// Which cases.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// Those on the asker's own desks.
    Mine,
    /// All that the asker may see.
    All,
}

/// What a page is narrowed down to.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// Code of a unit; with all below it.
    pub unit: Option<String>,
    /// Of one slot.
    pub slot: Option<Slot>,
    /// With a reason of this code.
    pub reason: Option<String>,
    /// Opened at this moment or before.
    pub opened_until: Timestamp,
    /// With this in common.
    pub cause: Option<String>,
}

/// Some waiting cases that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Code of their unit.
    pub unit_code: String,
    /// Its name.
    pub unit_name: String,
    /// Their slot.
    pub slot: Slot,
    /// 0 is worst.
    pub urgency: i64,
    /// Whether they are past their target.
    pub overdue: bool,
    /// How many.
    pub count: i64,
}

/// A case that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub review_id: ReviewId,
    /// Who.
    pub by: PersonId,
    /// Their name.
    pub name: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Runs the statement of a page, with what it needs beside the wishes last.
macro_rules! rows {
    ($fetch:ident $(($method:ident))?, $tx:expr, $statement:expr, $asker:expr, $wishes:expr, $after:expr, $limit:expr $(, $more:expr)?) => {{
        let Asker { person_id, today, now } = $asker;
        let (unit, slot, reason, until, cause) = spoken($wishes);
        let QueuePoint { work_date, urgency, opened_at, id } = $after;
        let rows = $fetch!(
            $($method,)? QueuedReview, $tx, $statement, person_id, today, now, unit, slot, reason, until, cause,
            work_date, urgency, opened_at, id, $limit $(, $more)?
        )?;
        Ok::<_, StoreError>(rows)
    }};
}

/// Which cases are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Those that may be decided now.
    Waiting,
    /// Those of one state.
    OfState(ReviewState),
}

impl Kind {
    /// Whether they are none of those that still wait for anything.
    pub fn is_decided(self) -> bool {
        self == Self::OfState(ReviewState::Decided)
    }
}

/// How they are read; the answer is the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// All of the asker's units, which are then put in order: for whoever may see few.
    Near,
    /// All in order until there are enough: for whoever may see many.
    Far,
    /// The same for whoever may see all, or nearly.
    Wide,
    /// All that ever had the reason that is asked for, where these are few.
    OfReason,
}

/// The quickest way: how many cases there are is counted, but not further than matters.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn way(tx: &mut Tx, kind: Kind, asker: Asker, unit: Option<&str>) -> Result<Way, StoreError> {
    let Asker { person_id, today, now } = asker;
    let code = unit.unwrap_or_default().to_owned();
    let statement = if kind.is_decided() { &SEEN_DECIDED } else { &SEEN };
    let (count, roots) = fetch!(fetch_one, (i64, i64), tx, *statement, person_id, today, now, code, NEAR_MAX + 1)?;
    Ok(match count > NEAR_MAX {
        false => Way::Near,
        true if roots > 0 && unit.is_none() => Way::Wide,
        true => Way::Far,
    })
}

/// Whether so few cases ever had a reason that those are looked through.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn is_rare(tx: &mut Tx, reason: &str) -> Result<bool, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, WITH_REASON, reason.to_owned(), RARE_MAX + 1)?;
    Ok(count <= RARE_MAX)
}

/// The next page, read one way: oldest day first and worst first within it. A person's own cases are never in it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn read(
    tx: &mut Tx,
    kind: Kind,
    way: Way,
    asker: Asker,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let (statement, state) = match kind {
        Kind::Waiting => ([&NEAR, &FAR, &WIDE, &OF_REASON], None),
        Kind::OfState(ReviewState::Decided) => ([&NEAR_DECIDED, &FAR_DECIDED, &WIDE_DECIDED, &OF_REASON_DECIDED], None),
        Kind::OfState(state) => ([&NEAR_OF_STATE, &FAR_OF_STATE, &WIDE_OF_STATE, &OF_REASON_AND_STATE], Some(state)),
    };
    let statement = statement[way as usize];
    match (way, state) {
        (Way::OfReason, None) => rows!(fetch_anew, tx, *statement, asker, wishes, after, limit),
        (Way::OfReason, Some(state)) => rows!(fetch_anew, tx, *statement, asker, wishes, after, limit, state),
        (_, None) => rows!(fetch(fetch_all), tx, *statement, asker, wishes, after, limit),
        (_, Some(state)) => rows!(fetch(fetch_all), tx, *statement, asker, wishes, after, limit, state),
    }
}

/// The next page of the cases that wait on the asker's own desks: of each as much as may be needed, and then the first of
/// all.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn mine(
    tx: &mut Tx,
    asker: Asker,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let mut rows = Vec::new();
    for (desk,) in fetch!(fetch_all, (UnitId,), tx, DESKS, asker.person_id, asker.today)? {
        rows.extend(rows!(fetch(fetch_all), tx, MINE, asker, wishes, after, limit, desk)?);
    }
    rows.sort_by_key(|row: &QueuedReview| QueuePoint::of(&row.review));
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(rows)
}

fn spoken(wishes: &Wishes) -> (String, String, String, Timestamp, String) {
    let text = |wish: &Option<String>| wish.clone().unwrap_or_default();
    let slot = wishes.slot.map(|slot| slot.to_string()).unwrap_or_default();
    (text(&wishes.unit), slot, text(&wishes.reason), wishes.opened_until, text(&wishes.cause))
}

/// The waiting cases, counted by what they have alike.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn groups(tx: &mut Tx, asker: Asker, scope: Scope) -> Result<Vec<Group>, StoreError> {
    type Row = (String, String, Slot, i64, i64, i64);
    let statement = if scope == Scope::Mine { &GROUPS_MINE } else { &GROUPS_ALL };
    let rows = fetch!(fetch_all, Row, tx, *statement, asker.person_id, asker.today, asker.now)?;
    let group = |(unit_code, unit_name, slot, urgency, overdue, count): Row| Group {
        unit_code,
        unit_name,
        slot,
        urgency,
        overdue: overdue != 0,
        count,
    };
    Ok(rows.into_iter().map(group).collect())
}

/// For how many waiting cases each finding is a reason.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn reasons(tx: &mut Tx, asker: Asker, scope: Scope) -> Result<Vec<(String, i64)>, StoreError> {
    let statement = if scope == Scope::Mine { &REASONS_MINE } else { &REASONS_ALL };
    Ok(fetch!(fetch_all, (String, i64), tx, *statement, asker.person_id, asker.today, asker.now)?)
}

/// What several waiting cases have in common, and how many each.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn causes(tx: &mut Tx, asker: Asker, scope: Scope) -> Result<Vec<(String, i64)>, StoreError> {
    let statement = if scope == Scope::Mine { &CAUSES_MINE } else { &CAUSES_ALL };
    Ok(fetch!(fetch_all, (String, i64), tx, *statement, asker.person_id, asker.today, asker.now)?)
}

/// How many waiting cases have this in common, among all that the asker may see.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_cause(tx: &mut Tx, asker: Asker, cause: &str) -> Result<i64, StoreError> {
    let Asker { person_id, today, now } = asker;
    let (count,) = fetch!(fetch_one, (i64,), tx, OF_CAUSE, person_id, today, now, cause.to_owned())?;
    Ok(count)
}

/// How many cases wait for their person's words.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn asked(tx: &mut Tx, asker: Asker) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, ASKED, asker.person_id, asker.today, asker.now)?;
    Ok(count)
}

/// What is held at this moment.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn claims(tx: &mut Tx, asker: Asker, limit: i64) -> Result<Vec<Claim>, StoreError> {
    type Row = (ReviewId, PersonId, String, Timestamp);
    let rows = fetch!(fetch_all, Row, tx, CLAIMS, asker.person_id, asker.today, asker.now, limit)?;
    let claim = |(review_id, by, name, expires_at): Row| Claim { review_id, by, name, expires_at };
    Ok(rows.into_iter().map(claim).collect())
}
