//! The queue: which cases wait for whom, how many of what, and who holds them now.

use sqlx::FromRow;

use super::{
    Statement, StoreError, Tx, fetch,
    reviews::{ReviewRow, columns},
    statements::statements,
};
use crate::model::{
    ids::{PersonId, ReviewId},
    time::{Timestamp, WorkDate},
    words::{ReviewState, Slot},
};

/// Units that `$1` supervises on the day `$2`, with all below them.
macro_rules! supervised {
    () => {
        "supervised (id) AS (
            SELECT unit_id FROM role_assignments WHERE person_id = $1 AND role = 'supervisor'
                AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
            UNION SELECT u.id FROM units u JOIN supervised s ON u.parent_id = s.id)"
    };
}

/// Cases on the desk of a unit that `$1` supervises directly on the day `$2`.
macro_rules! mine {
    () => {
        "r.deciding_unit_id IN (SELECT unit_id FROM role_assignments WHERE person_id = $1 AND role = 'supervisor'
            AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2))
            AND r.unit_id IN (SELECT id FROM supervised)"
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

/// What a page asks for beside the scope; an empty text is no wish.
macro_rules! wishes {
    () => {
        "($4 = '' OR r.unit_id IN (SELECT id FROM below)) AND ($5 = '' OR r.slot = $5)
            AND ($6 = '' OR EXISTS (SELECT 1 FROM review_reasons q WHERE q.review_id = r.id AND q.code = $6))
            AND r.opened_at <= $7 AND ($8 = '' OR r.cause = $8)
            AND (r.work_date, r.urgency, r.opened_at, r.id) > ($9, $10, $11, $12)
        ORDER BY r.work_date, r.urgency, r.opened_at, r.id LIMIT $13"
    };
}

/// The unit with the code `$4` and all below it.
macro_rules! below {
    () => {
        "below (id) AS (SELECT id FROM units WHERE code = $4
            UNION SELECT u.id FROM units u JOIN below b ON u.parent_id = b.id)"
    };
}

/// A row of the queue.
macro_rules! row {
    ($reviews:literal) => {
        concat!(
            " SELECT ",
            columns!(),
            ", p.nip, p.name AS person_name, n.code AS unit_code, n.name AS unit_name, h.name AS claimed_by_name,
                (SELECT COUNT(*) FROM review_attempts a WHERE a.review_id = r.id) AS attempts
            FROM ",
            $reviews,
            " JOIN people p ON p.id = r.person_id JOIN units n ON n.id = r.unit_id
                LEFT JOIN people h ON h.id = r.claimed_by WHERE "
        )
    };
}

/// Groups of waiting cases by unit, slot, urgency and whether they are past their target.
macro_rules! groups {
    () => {
        " SELECT n.code, n.name, r.slot, r.urgency, CAST(CASE WHEN r.target_at <= $3 OR r.escalations > 0 THEN 1 ELSE 0 END AS BIGINT) AS overdue, COUNT(*)
        FROM reviews r JOIN units n ON n.id = r.unit_id WHERE "
    };
}

macro_rules! by_group {
    () => {
        " GROUP BY n.code, n.name, r.slot, r.urgency, overdue ORDER BY n.code, r.slot, r.urgency, overdue"
    };
}

statements! {
    MINE = concat!("WITH RECURSIVE ", supervised!(), ", ", below!(), row!("reviews r"), waiting!(), " AND ", mine!(), " AND ", wishes!());
    // Few units: their cases are read and put in order.
    NEAR = concat!("WITH RECURSIVE ", supervised!(), ", ", below!(), row!("reviews r"), waiting!(),
        " AND r.unit_id IN (SELECT id FROM supervised) AND ", wishes!());
    // Many units: all cases are read in order, until there are enough. Each engine is kept from putting in order what it
    // reads unit by unit.
    FAR = concat!("WITH RECURSIVE ", supervised!(), ", ", below!(), row!("reviews r INDEXED BY reviews_waiting"), waiting!(),
        " AND +r.unit_id IN (SELECT id FROM supervised) AND ", wishes!()),
        concat!("WITH RECURSIVE ", supervised!(), ", ", below!(),
        row!("(SELECT * FROM reviews WHERE state <> 'decided' ORDER BY work_date, urgency, opened_at, id OFFSET 0) r"),
        waiting!(), " AND r.unit_id IN (SELECT id FROM supervised) AND ", wishes!());
    // Of one state, in everything supervised.
    OF_STATE = concat!("WITH RECURSIVE ", supervised!(), ", ", below!(), row!("reviews r"),
        "r.state = $14 AND r.opened_at <= $3 AND r.person_id <> $1
            AND (r.state = 'decided' OR r.barred_id IS NULL OR r.barred_id <> $1)
            AND r.unit_id IN (SELECT id FROM supervised) AND ", wishes!());
    SUPERVISED = concat!("WITH RECURSIVE ", supervised!(), " SELECT COUNT(*) FROM supervised");
    GROUPS_MINE = concat!("WITH RECURSIVE ", supervised!(), groups!(), waiting!(), " AND ", mine!(), by_group!());
    GROUPS_ALL = concat!("WITH RECURSIVE ", supervised!(), groups!(), waiting!(),
        " AND r.unit_id IN (SELECT id FROM supervised)", by_group!());
    REASONS_MINE = concat!("WITH RECURSIVE ", supervised!(), " SELECT q.code, COUNT(*) FROM reviews r JOIN review_reasons q ON q.review_id = r.id WHERE ",
        waiting!(), " AND ", mine!(), " GROUP BY q.code ORDER BY q.code");
    REASONS_ALL = concat!("WITH RECURSIVE ", supervised!(),
        " SELECT q.code, COUNT(*) FROM reviews r JOIN review_reasons q ON q.review_id = r.id WHERE ",
        waiting!(), " AND r.unit_id IN (SELECT id FROM supervised) GROUP BY q.code ORDER BY q.code");
    CAUSES_MINE = concat!("WITH RECURSIVE ", supervised!(), " SELECT r.cause, COUNT(*) FROM reviews r WHERE r.cause IS NOT NULL AND ", waiting!(), " AND ",
        mine!(), " GROUP BY r.cause HAVING COUNT(*) > 1 ORDER BY r.cause");
    CAUSES_ALL = concat!("WITH RECURSIVE ", supervised!(), " SELECT r.cause, COUNT(*) FROM reviews r
        WHERE r.cause IS NOT NULL AND ", waiting!(), " AND r.unit_id IN (SELECT id FROM supervised)
        GROUP BY r.cause HAVING COUNT(*) > 1 ORDER BY r.cause");
    ASKED = concat!("WITH RECURSIVE ", supervised!(), " SELECT COUNT(*) FROM reviews r
        WHERE r.state = 'asked' AND r.due_at > $3 AND r.person_id <> $1 AND r.unit_id IN (SELECT id FROM supervised)");
    CLAIMS = concat!("WITH RECURSIVE ", supervised!(), " SELECT r.id, r.claimed_by, p.name, r.claim_expires_at
        FROM reviews r JOIN people p ON p.id = r.claimed_by
        WHERE r.state <> 'decided' AND r.claim_expires_at > $3 AND r.unit_id IN (SELECT id FROM supervised)
            AND r.person_id <> $1 AND (r.barred_id IS NULL OR r.barred_id <> $1)
        ORDER BY r.claim_expires_at, r.id LIMIT $4");
    // Not those that this person may not see at all.
    OF_CAUSE = concat!("WITH RECURSIVE ", supervised!(), " SELECT COUNT(*) FROM reviews r WHERE r.cause = $4 AND ",
        waiting!(), " AND r.unit_id IN (SELECT id FROM supervised)");
}

/// Up to so many units are read one by one; above it is quicker to read every case in order.
const NEAR_MAX: i64 = 32;

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

/// A point in the queue after which a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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

/// The next page of the cases that wait: oldest day first and worst first within it. A person's own are never in it.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn waiting(
    tx: &mut Tx,
    asker: Asker,
    scope: Scope,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let statement = match scope {
        Scope::Mine => &MINE,
        Scope::All if supervised(tx, asker).await? <= NEAR_MAX => &NEAR,
        Scope::All => return far(tx, asker, wishes, after, limit).await,
    };
    page(tx, statement, asker, wishes, after, limit).await
}

/// The same for whoever supervises much: every waiting case is read in order until there are enough.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn far(
    tx: &mut Tx,
    asker: Asker,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    page(tx, &FAR, asker, wishes, after, limit).await
}

async fn page(
    tx: &mut Tx,
    statement: &Statement,
    asker: Asker,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let Asker { person_id, today, now } = asker;
    let (unit, slot, reason, until, cause) = spoken(wishes);
    let QueuePoint { work_date, urgency, opened_at, id } = after;
    let rows = fetch!(
        fetch_all,
        QueuedReview,
        tx,
        *statement,
        person_id,
        today,
        now,
        unit,
        slot,
        reason,
        until,
        cause,
        work_date,
        urgency,
        opened_at,
        id,
        limit
    )?;
    Ok(rows)
}

/// The next page of the cases of one state, among all that the asker may see.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_state(
    tx: &mut Tx,
    asker: Asker,
    state: ReviewState,
    wishes: &Wishes,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let Asker { person_id, today, now } = asker;
    let (unit, slot, reason, until, cause) = spoken(wishes);
    let QueuePoint { work_date, urgency, opened_at, id } = after;
    let rows = fetch!(
        fetch_all,
        QueuedReview,
        tx,
        OF_STATE,
        person_id,
        today,
        now,
        unit,
        slot,
        reason,
        until,
        cause,
        work_date,
        urgency,
        opened_at,
        id,
        limit,
        state
    )?;
    Ok(rows)
}

fn spoken(wishes: &Wishes) -> (String, String, String, Timestamp, String) {
    let text = |wish: &Option<String>| wish.clone().unwrap_or_default();
    let slot = wishes.slot.map(|slot| slot.to_string()).unwrap_or_default();
    (text(&wishes.unit), slot, text(&wishes.reason), wishes.opened_until, text(&wishes.cause))
}

/// How many units the asker supervises today, with all below them.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn supervised(tx: &mut Tx, asker: Asker) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, SUPERVISED, asker.person_id, asker.today)?;
    Ok(count)
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
