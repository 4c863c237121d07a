//! The made-up city: units in three zones, staff, supervisors, an auditor, an administrator.

use crate::model::time::{Timestamp, WorkDate};

/// Password of everybody in the demo.
pub const PASSWORD: &str = "presensi-pagi-2026";
/// Radius of every home, metres.
pub const RADIUS_M: f64 = 100.0;
/// Index in [`PEOPLE`] of the employee the printed example uses.
pub const EXAMPLE: usize = 7;

/// Staff number of somebody who has no approved home yet.
pub const NEWCOMER: &str = "200002142025012017";
/// Staff number of somebody who is on leave from today on.
const ON_LEAVE: &str = "199408262019012012";
/// Where the newcomer lives.
pub const NEW_HOME: (f64, f64) = (-6.5869, 106.8094);

/// A person of the city.
pub struct Resident {
    pub role: &'static str,
    pub nip: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    pub home: Option<(f64, f64)>,
}

const fn person(
    role: &'static str,
    nip: &'static str,
    name: &'static str,
    unit: &'static str,
    home: Option<(f64, f64)>,
) -> Resident {
    Resident { role, nip, name, unit, home }
}

/// Everybody.
pub const PEOPLE: &[Resident] = &[
    person("administrator", "198001012005011001", "Ratna Wulandari", "BKPSDM", None),
    person("administrator", "198304182008011002", "Made Wirawan", "BKPSDM", None),
    person("auditor", "197905122004012002", "Bambang Irawan", "INSPEKTORAT", None),
    person("supervisor", "196805121994031001", "Tirta Kusuma", "KOTA", None),
    person("supervisor", "197703042003011003", "Siti Rahmawati", "DISKOMINFO", Some((-6.5951, 106.7973))),
    person("supervisor", "198106192008012004", "Yohanes Lumentut", "KANTOR-MKS", Some((-5.1432, 119.4221))),
    person("supervisor", "198209232009011005", "Maria Wanggai", "KANTOR-JPR", Some((-2.5401, 140.7068))),
    person("employee", "199001152015011006", "Dewi Lestari", "APTIKA", Some((-6.5950, 106.8166))),
    person("employee", "199103082016012007", "Agus Setiawan", "APTIKA", Some((-6.6104, 106.8019))),
    person("employee", "199207212017011008", "Nur Hidayah", "APTIKA", Some((-6.5783, 106.8075))),
    person("employee", "198811302014012009", "Rudi Hartono", "APTIKA", Some((-6.6288, 106.8221))),
    person("employee", NEWCOMER, "Sri Handayani", "APTIKA", None),
    person("employee", "199305172018011010", "Lina Marlina", "IKP", Some((-6.5587, 106.7894))),
    person("employee", "198912042014011011", "Hendra Gunawan", "IKP", Some((-6.6001, 106.7755))),
    person("employee", "199408262019012012", "Putri Ayu", "IKP", Some((-6.5722, 106.8312))),
    person("employee", "199106112016011013", "Andi Baso", "KANTOR-MKS", Some((-5.1477, 119.4327))),
    person("employee", "199501092020012014", "Nurul Fadillah", "KANTOR-MKS", Some((-5.1623, 119.4409))),
    person("employee", "199209142017011015", "Daniel Rumbewas", "KANTOR-JPR", Some((-2.5337, 140.7181))),
    person("employee", "199604022021012016", "Yosina Kogoya", "KANTOR-JPR", Some((-2.5916, 140.6690))),
];

/// The earliest civil date it is anywhere in the city; history lies before it.
pub fn first_day(now: Timestamp) -> WorkDate {
    crate::model::time::zone_named("WIB")
        .map_or_else(|| now.date_in(&jiff::tz::TimeZone::UTC), |(_, zone)| now.date_in(&zone))
}

/// IANA zone of a unit of the city.
pub fn zone_of(unit: &str) -> &'static str {
    match unit {
        "KANTOR-MKS" => "WITA",
        "KANTOR-JPR" => "WIT",
        _ => "WIB",
    }
}

/// The CSV files of the city, as (name, text). Before `today` the windows are those of a working week; from then on a
/// slot is open at any time, so that there is always something to try.
pub fn files(today: WorkDate) -> Vec<(String, String)> {
    let yesterday = today.plus_days(-1);
    let units = "code,name,parent,time_zone,office_latitude,office_longitude\n\
        KOTA,Pemerintah Kota Hadir,,WIB,-6.5953,106.7934\n\
        BKPSDM,Badan Kepegawaian dan Pengembangan SDM,KOTA,WIB,,\n\
        INSPEKTORAT,Inspektorat,KOTA,WIB,,\n\
        DISKOMINFO,Dinas Komunikasi dan Informatika,KOTA,WIB,-6.5971,106.8060\n\
        APTIKA,Bidang Aplikasi Informatika,DISKOMINFO,WIB,,\n\
        IKP,Bidang Informasi dan Komunikasi Publik,DISKOMINFO,WIB,,\n\
        KANTOR-MKS,Kantor Perwakilan Makassar,KOTA,WITA,-5.1340,119.4066\n\
        KANTOR-JPR,Kantor Perwakilan Jayapura,KOTA,WIT,-2.5330,140.7180\n";
    let mut people = "nip,name,unit,password\n".to_owned();
    let mut roles = "nip,role,unit,valid_from,valid_to\n".to_owned();
    let mut places = "nip,latitude,longitude,radius_m,valid_from\n".to_owned();
    for Resident { role, nip, name, unit, home } in PEOPLE {
        people.extend([*nip, ",", name, ",", unit, ",", PASSWORD, "\n"]);
        if *role != "employee" {
            let of = if *role == "supervisor" { unit } else { "" };
            roles.extend([*nip, ",", role, ",", of, ",2026-01-01,\n"]);
        }
        if let Some((latitude, longitude)) = home {
            places += &format!("{nip},{latitude},{longitude},{RADIUS_M},2026-01-01\n");
        }
    }
    let schedules = format!(
        "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\n\
        KOTA,morning,2026-01-01,{yesterday},mon-fri,06:00,08:00,30\n\
        KOTA,evening,2026-01-01,{yesterday},mon-fri,16:00,18:00,30\n\
        KOTA,morning,{today},,mon-sun,00:00,12:00,30\n\
        KOTA,evening,{today},,mon-sun,12:00,24:00,0\n"
    );
    let rosters = format!("nip,valid_from,valid_to,duty\n{ON_LEAVE},{today},{},leave\n", today.plus_days(4));
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    vec![
        file("rosters.csv", &rosters),
        file("units.csv", units),
        file("people.csv", &people),
        file("roles.csv", &roles),
        file("schedules.csv", &schedules),
        file("places.csv", &places),
    ]
}
