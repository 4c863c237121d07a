//! Short closed lists and the two-language sentences people read.

use serde::{Deserialize, Serialize};

/// One sentence in both languages; Indonesian is what employees see first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Words {
    /// Bahasa Indonesia.
    #[schema(example = "Di luar: 212 m dari batas (312 m dari titik rumah, ketelitian ± 35 m).")]
    pub id: String,
    /// English.
    #[schema(example = "Outside by 212 m (312 m from home, accuracy ± 35 m).")]
    pub en: String,
}

impl Words {
    /// Both sentences at once.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }
}

/// An enum whose values are stored and sent as short lower-case words.
macro_rules! closed_list {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        // Written out: the derive does not see a `rename` that comes through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|word| word.as_str())))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(UnknownWord { list: stringify!($name), word: text.to_owned() }) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

/// A word that a closed list does not hold.
#[derive(Debug, thiserror::Error)]
#[error("`{word}` is not one of the words of {list}")]
pub struct UnknownWord {
    list: &'static str,
    word: String,
}

closed_list! {
    /// What a check-in answers.
    Slot {
        /// The start of the working day.
        Morning = "morning",
        /// Its end.
        Evening = "evening",
        /// A check-in the server asked for at a random moment.
        Spot = "spot",
    }
    /// How a check-in's server time stands to the window of its slot.
    Timing {
        /// Inside the window.
        OnTime = "on_time",
        /// After the window, inside the grace.
        Late = "late",
        /// Captured inside the window by the phone's clock, delivered after the grace: a person looks.
        DeliveredLate = "delivered_late",
    }
    /// What vouches for the phone a check-in came from. The words never claim more than the tier.
    Assurance {
        /// Somebody signed in with this person's password.
        Session = "session",
        /// A key that was enrolled for the person signed it, too; the page makes it so that it cannot be copied.
        DeviceKey = "device_key",
    }
    /// Where the page took the photo from, by its own word.
    PhotoSource {
        /// From the camera, live.
        Camera = "camera",
        /// From a file that was chosen.
        File = "file",
        /// Not said.
        Unknown = "unknown",
    }
    /// Where a person works on a day.
    Duty {
        /// At home.
        Home = "home",
        /// At the office.
        Office = "office",
        /// On leave.
        Leave = "leave",
        /// On duty elsewhere.
        Elsewhere = "duty",
        /// Exempt from checking in.
        Exempt = "exempt",
    }
    /// What of somebody's evidence was looked at.
    LookKind {
        /// The photo of a check-in.
        Photo = "photo",
        /// The map of a check-in.
        Map = "map",
        /// The photo of an answer in a case.
        AnswerPhoto = "answer_photo",
        /// The photo of a check-in, which could not be shown.
        PhotoUnavailable = "photo_unavailable",
    }
    /// What policy makes of the findings, the best first. There is no automatic rejection: a person decides.
    Verdict {
        /// Nothing needs a person's eye.
        Accepted = "accepted",
        /// It is kept, place and time are judged, and the photo is still being examined.
        Examining = "examining",
        /// A review is open.
        Flagged = "flagged",
    }
    /// What two numbers of a finding are counted in.
    UnitOfMeasure {
        /// Metres.
        Metres = "m",
        /// Seconds.
        Seconds = "s",
        /// Minutes.
        Minutes = "min",
        /// Hours.
        Hours = "h",
        /// Days.
        Days = "days",
        /// Kilometres an hour.
        KilometresAnHour = "km/h",
        /// Pixels.
        Pixels = "px",
        /// Levels of brightness, of 255.
        Levels = "level",
        /// A share of a whole.
        Share = "share",
        /// Variance of sharpness.
        Variance = "variance",
        /// A model's score.
        Score = "score",
        /// A ratio.
        Ratio = "ratio",
        /// Bits of a fingerprint.
        Bits = "bit",
        /// Check-ins.
        CheckIns = "check-ins",
    }
    /// How much a finding weighs.
    Severity {
        /// Worth knowing, weighs nothing.
        Info = "info",
        /// Recorded; common among honest phones.
        Low = "low",
        /// Two different ones need a person's eye.
        Medium = "medium",
        /// Needs a person's eye by itself.
        High = "high",
    }
    /// The state of (person, work date, slot).
    PresenceState {
        /// At least one attempt is stored.
        Received = "received",
        /// A reviewer has decided it.
        Settled = "settled",
    }
    /// Where a review stands.
    ReviewState {
        /// Waiting for a reviewer.
        Open = "open",
        /// Waiting for the person's words.
        Asked = "asked",
        /// Decided, and waiting for somebody else to decide again.
        Appealed = "appealed",
        /// Decided; later attempts open a new case.
        Decided = "decided",
    }
    /// What a reviewer decided.
    Decision {
        /// The presence counts.
        Accept = "accept",
        /// The presence does not count.
        Reject = "reject",
    }
    /// Why a reviewer decided so.
    ReasonCode {
        /// Accept: the phone was imprecise, nothing speaks against the place.
        DeviceImprecise = "device_imprecise",
        /// Accept: the absence from home is explained (official travel, hospital, approved errand).
        PlaceExplained = "place_explained",
        /// Accept: the photo is good enough to know the person and the moment.
        PhotoSufficient = "photo_sufficient",
        /// Accept: a fault of the service or of the network.
        ServiceFault = "service_fault",
        /// Accept: nothing speaks against it.
        InOrder = "in_order",
        /// Reject: the person was not where the check-in had to be made.
        NotAtPlace = "not_at_place",
        /// Reject: the photo does not show the person.
        NotThePerson = "not_the_person",
        /// Reject: the photo was not taken for this check-in.
        PhotoNotNow = "photo_not_now",
        /// Reject: nothing can be recognised on the photo.
        PhotoUnreadable = "photo_unreadable",
        /// Reject: the position was made up.
        PositionNotGenuine = "position_not_genuine",
    }
    /// One step of a review's history.
    ReviewEventKind {
        /// The first flagged attempt opened the case.
        Opened = "opened",
        /// A further attempt of the same slot arrived.
        AttemptAdded = "attempt_added",
        /// A reviewer took the case.
        Claimed = "claimed",
        /// The reviewer gave it back.
        Released = "released",
        /// The reviewer asked the person to explain.
        Asked = "asked",
        /// The person answered.
        Answered = "answered",
        /// The reviewer decided.
        Decided = "decided",
        /// The person asked somebody else to decide again.
        Appealed = "appealed",
        /// The reviewer took the decision back.
        Undone = "undone",
        /// Nobody decided in time: it went to those above.
        Escalated = "escalated",
    }
    /// How a check-in became a case. The queue does not tell it.
    ReviewOrigin {
        /// It was flagged.
        Flagged = "flagged",
        /// It was accepted, and drawn at random for a look.
        Routine = "routine",
        /// Somebody decided it, and it was drawn at random for a second look.
        Second = "second",
    }
    /// What several cases can have in common.
    CauseKind {
        /// The very same fix, sent by several people.
        SamePosition = "same_position",
        /// A declared outage.
        Incident = "incident",
        /// A unit's captures of one slot that all came late: its network was down.
        DeliveredLate = "delivered_late",
    }
    /// What a role lets somebody do.
    Role {
        /// Reviews the check-ins of a unit and of the units below it.
        Supervisor = "supervisor",
        /// Reads a granted sample.
        Auditor = "auditor",
        /// Configures; never sees evidence.
        Administrator = "administrator",
    }
    /// What kind of place a fence surrounds.
    PlaceKind {
        /// The registered home.
        Home = "home",
        /// At a relative's.
        Relative = "relative",
        /// In hospital, as a patient or with one.
        Hospital = "hospital",
        /// In isolation.
        Isolation = "isolation",
        /// On official travel.
        OfficialTravel = "official_travel",
        /// Somewhere safe after a disaster.
        Disaster = "disaster",
    }
    /// What a request about a place asks for.
    PlaceAct {
        /// A home from readings, or a place for a time.
        Register = "register",
        /// A change that reaches into the past, by an administrator; another one has to approve it.
        Correct = "correct",
    }
    /// Why a place is asked for.
    PlaceReason {
        /// The first home.
        FirstHome = "first_home",
        /// Moved house.
        Moved = "moved",
        /// The registered point or fence is wrong.
        Inaccurate = "inaccurate",
        /// Looking after a relative, a family event.
        Family = "family",
        /// Illness; nobody but the approver of the personnel agency learns more.
        Medical = "medical",
        /// An order to travel.
        Duty = "duty",
        /// Flood, earthquake, fire and the like.
        Disaster = "disaster",
        /// A mistake in the records.
        RecordError = "record_error",
    }
    /// Where a request about a place stands.
    PlaceRequestState {
        /// Waiting for somebody else.
        Pending = "pending",
        /// Approved; there is a place version now.
        Approved = "approved",
        /// Refused, with a reason.
        Refused = "refused",
        /// Taken back by whoever asked.
        Withdrawn = "withdrawn",
    }
    /// What the number beside a position means on the phone's platform.
    AccuracyBasis {
        /// Native Android: radius that holds 68 % of the errors.
        Android = "android",
        /// Native iOS: root mean square in two dimensions.
        Ios = "ios",
        /// A browser, which passes the platform's own number through.
        Web = "web",
        /// Not said.
        Unknown = "unknown",
    }
    /// Why a phone sends no position.
    PositionError {
        /// The person or the phone refused the permission.
        Denied = "denied",
        /// The phone could not find out.
        Unavailable = "unavailable",
        /// No answer in time.
        Timeout = "timeout",
    }
    /// What an entry of the log is about.
    EntryKind {
        /// A check-in was stored.
        Checkin = "checkin",
        /// A reviewer decided.
        ReviewDecision = "review_decision",
        /// Somebody looked at evidence.
        EvidenceViewed = "evidence_viewed",
        /// The photo of a check-in was examined after its acknowledgement.
        PhotoExamined = "photo_examined",
        /// A search that ran after the acknowledgement found something.
        FindingAdded = "finding_added",
        /// People, units, roles, schedules or places were imported.
        Import = "import",
        /// A place was asked for.
        PlaceRequested = "place_requested",
        /// A request about a place was approved, refused or withdrawn.
        PlaceDecided = "place_decided",
        /// The keys that seal positions changed.
        KeyRotation = "key_rotation",
        /// Places were handed out in a file, or somebody took their own data.
        Export = "export",
        /// A phone's key was enrolled or taken away.
        DeviceKey = "device_key",
        /// A reviewer asked for an explanation.
        ReviewQuestion = "review_question",
        /// A person explained.
        ReviewAnswer = "review_answer",
        /// A person appealed.
        ReviewAppeal = "review_appeal",
        /// A reviewer took a decision back.
        ReviewUndone = "review_undone",
        /// A change was proposed that somebody else has to approve.
        ChangeProposed = "change_proposed",
        /// A proposed change was approved, refused or withdrawn.
        ChangeDecided = "change_decided",
        /// A person was added or changed, or got a password.
        PeopleChanged = "people_changed",
        /// A unit was added or changed.
        UnitChanged = "unit_changed",
        /// Whoever let somebody act ended it.
        DelegationEnded = "delegation_ended",
    }
    /// What somebody is told.
    NoticeKind {
        /// The person: a reviewer asks for an explanation.
        ExplanationAsked = "explanation_asked",
        /// The person: their case was decided.
        DecisionMade = "decision_made",
        /// The supervisors above: a case was not decided in its time and is theirs now.
        CaseOverdue = "case_overdue",
        /// The person: what they asked for about a place was decided.
        PlaceDecided = "place_decided",
        /// The delegate: a supervisor's work is theirs for a time.
        DelegationBegins = "delegation_begins",
    }
    /// How somebody is told.
    Channel {
        /// A request to a system of the operator's.
        Webhook = "webhook",
        /// An e-mail.
        Email = "email",
    }
    /// Where a delivery stands.
    DeliveryState {
        /// To be sent, now or later.
        Waiting = "waiting",
        /// Taken by the other side.
        Delivered = "delivered",
        /// Given up; somebody has to look.
        Dead = "dead",
        /// Called off before it was sent.
        Cancelled = "cancelled",
    }
    /// What a change is about that two people make.
    ChangeKind {
        /// Somebody gets a role.
        Role = "role",
        /// Somebody's role gets a last day.
        RoleEnd = "role_end",
        /// A slot of a unit gets other times.
        Schedule = "schedule",
        /// An outage is declared.
        Incident = "incident",
        /// A value of policy.
        Policy = "policy",
        /// Somebody acts for a supervisor.
        Delegation = "delegation",
    }
    /// Where a change stands.
    ChangeState {
        /// Waiting for somebody else.
        Pending = "pending",
        /// Approved, and applied in the same moment.
        Approved = "approved",
        /// Refused.
        Refused = "refused",
        /// Taken back by whoever proposed it.
        Withdrawn = "withdrawn",
    }
    /// A number that policy works with and two people may change.
    PolicyName {
        /// Hours a case may wait before it goes to the superior above.
        ReviewTarget = "review_target_h",
        /// Of a hundred accepted check-ins, how many a person looks at all the same.
        Routine = "routine_percent",
        /// Of a hundred decided cases, how many somebody else looks at again.
        Second = "second_percent",
        /// Days to answer a question.
        Answer = "answer_days",
        /// Days to appeal against a rejection.
        Appeal = "appeal_days",
    }
}

impl ReasonCode {
    /// The decision this reason is for.
    pub const fn decision(self) -> Decision {
        match self {
            Self::DeviceImprecise
            | Self::PlaceExplained
            | Self::PhotoSufficient
            | Self::ServiceFault
            | Self::InOrder => Decision::Accept,
            Self::NotAtPlace
            | Self::NotThePerson
            | Self::PhotoNotNow
            | Self::PhotoUnreadable
            | Self::PositionNotGenuine => Decision::Reject,
        }
    }
}

impl ReasonCode {
    /// The reason as its person reads it.
    pub fn words(self) -> Words {
        let (id, en) = match self {
            Self::DeviceImprecise => (
                "Ponsel kurang teliti; tidak ada yang janggal.",
                "The phone was imprecise; nothing speaks against the place.",
            ),
            Self::PlaceExplained => {
                ("Alasan berada di tempat lain diterima.", "The reason for being elsewhere is accepted.")
            }
            Self::PhotoSufficient => ("Foto cukup jelas.", "The photo is good enough."),
            Self::ServiceFault => ("Gangguan layanan atau jaringan.", "A fault of the service or of the network."),
            Self::InOrder => ("Tidak ada yang janggal.", "Nothing speaks against it."),
            Self::NotAtPlace => ("Tidak berada di tempat yang terdaftar.", "Not at the registered place."),
            Self::NotThePerson => ("Foto tidak menunjukkan orangnya.", "The photo does not show the person."),
            Self::PhotoNotNow => {
                ("Foto tidak diambil untuk presensi ini.", "The photo was not taken for this check-in.")
            }
            Self::PhotoUnreadable => ("Foto tidak dapat dikenali.", "Nothing can be recognised on the photo."),
            Self::PositionNotGenuine => ("Posisi tidak asli.", "The position was made up."),
        };
        Words::new(id, en)
    }
}

impl ReviewEventKind {
    /// The step as its person reads it; nothing for those that are the reviewers' own business.
    pub fn words(self) -> Option<Words> {
        let (id, en) = match self {
            Self::Claimed | Self::Released | Self::Escalated => return None,
            Self::Opened => ("Ditandai untuk dilihat atasan.", "Flagged to be seen by a supervisor."),
            Self::AttemptAdded => ("Presensi berikutnya ditambahkan.", "A further check-in was added."),
            Self::Asked => ("Penjelasan diminta.", "An explanation was asked for."),
            Self::Answered => ("Penjelasan dikirim.", "An explanation was given."),
            Self::Decided => ("Diputuskan.", "Decided."),
            Self::Appealed => ("Keberatan diajukan.", "An appeal was made."),
            Self::Undone => ("Keputusan ditarik kembali.", "The decision was taken back."),
        };
        Some(Words::new(id, en))
    }
}

impl Slot {
    /// The slot in words.
    pub fn words(self) -> Words {
        match self {
            Self::Morning => Words::new("pagi", "morning"),
            Self::Evening => Words::new("sore", "evening"),
            Self::Spot => Words::new("pemeriksaan acak", "spot check"),
        }
    }
}
