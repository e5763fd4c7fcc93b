//! The ground: five compounds of different shapes, laid out in millimetres east and north of the community's origin,
//! with streets, gates, footprints and entrances, so that a map can be drawn from it.

/// What kind of houses stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Old walk-ups: many small houses, narrow lanes.
    WalkUps,
    /// A gated superblock of slabs around a garden.
    Superblock,
    Towers,
}

/// A compound as it is planned.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    pub shape: Shape,
    /// South-west corner.
    pub corner: (i64, i64),
    /// Width and depth of the grounds.
    pub size: (i64, i64),
    /// Houses in a row, and rows.
    pub rows: (i64, i64),
    /// Width and depth of a house.
    pub house: (i64, i64),
    pub entrances: i64,
    /// Floors of the houses in the front rows and in the back rows.
    pub floors: (i64, i64),
    /// Homes on a floor of an entrance.
    pub homes: i64,
    pub lifts: bool,
}

const M: i64 = 1_000;

/// 榴花社区 and 桂香社区, with their compounds.
pub const COMMUNITIES: &[(&str, &str, &str, &[Plan])] = &[
    (
        "liuhua",
        "榴花社区",
        "Liuhua Community",
        &[
            Plan {
                code: "shiliu",
                name: "石榴园",
                name_en: "Pomegranate Court",
                shape: Shape::WalkUps,
                corner: (0, 0),
                size: (240 * M, 110 * M),
                rows: (5, 2),
                house: (42 * M, 12 * M),
                entrances: 3,
                floors: (6, 6),
                homes: 2,
                lifts: false,
            },
            Plan {
                code: "jinxiu",
                name: "锦绣里",
                name_en: "Brocade Lane",
                shape: Shape::Superblock,
                corner: (0, 130 * M),
                size: (320 * M, 260 * M),
                rows: (4, 2),
                house: (48 * M, 14 * M),
                entrances: 2,
                floors: (11, 14),
                homes: 2,
                lifts: true,
            },
        ],
    ),
    (
        "guixiang",
        "桂香社区",
        "Osmanthus Community",
        &[
            Plan {
                code: "guihua",
                name: "桂花弄",
                name_en: "Osmanthus Alley",
                shape: Shape::WalkUps,
                corner: (0, 0),
                size: (200 * M, 120 * M),
                rows: (5, 2),
                house: (34 * M, 12 * M),
                entrances: 3,
                floors: (5, 5),
                homes: 2,
                lifts: false,
            },
            Plan {
                code: "yuntai",
                name: "云台",
                name_en: "Cloud Terrace",
                shape: Shape::Towers,
                corner: (220 * M, 0),
                size: (150 * M, 90 * M),
                rows: (2, 1),
                house: (30 * M, 26 * M),
                entrances: 1,
                floors: (27, 27),
                homes: 6,
                lifts: true,
            },
            Plan {
                code: "jiangwan",
                name: "江湾",
                name_en: "River Bend",
                shape: Shape::Towers,
                corner: (0, 140 * M),
                size: (210 * M, 100 * M),
                rows: (3, 1),
                house: (28 * M, 26 * M),
                entrances: 1,
                floors: (26, 26),
                homes: 5,
                lifts: true,
            },
        ],
    ),
];

/// A house on the ground.
#[derive(Clone, Debug)]
pub struct House {
    pub number: i64,
    /// South-west corner.
    pub at: (i64, i64),
    pub size: (i64, i64),
    pub floors: i64,
    pub entrances: Vec<(i64, i64)>,
}

/// A point with a name: a gate, a garden, the hub.
#[derive(Clone, Debug)]
pub struct Spot {
    pub step: String,
    pub kind: &'static str,
    pub name: String,
    pub name_en: String,
    pub at: (i64, i64),
}

/// A street, lane or path.
#[derive(Clone, Debug)]
pub struct Way {
    pub kind: &'static str,
    pub name: String,
    pub name_en: String,
    pub width: i64,
    pub points: Vec<(i64, i64)>,
}

/// The houses of a compound in rows, entrances on their south side.
pub fn houses(plan: &Plan) -> Vec<House> {
    let (columns, rows) = plan.rows;
    let (pitch_x, pitch_y) = (plan.size.0 / columns, plan.size.1 / rows);
    let mut houses = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let at = (
                plan.corner.0 + column * pitch_x + (pitch_x - plan.house.0) / 2,
                plan.corner.1 + row * pitch_y + (pitch_y - plan.house.1) / 2,
            );
            let step = plan.house.0 / plan.entrances;
            let entrances = (0..plan.entrances).map(|n| (at.0 + n * step + step / 2, at.1)).collect();
            let floors = if row == 0 { plan.floors.0 } else { plan.floors.1 };
            houses.push(House { number: row * columns + column + 1, at, size: plan.house, floors, entrances });
        }
    }
    houses
}

/// A rectangle as a ring.
pub fn ring(at: (i64, i64), size: (i64, i64)) -> Vec<(i64, i64)> {
    let (x, y) = at;
    vec![(x, y), (x + size.0, y), (x + size.0, y + size.1), (x, y + size.1), (x, y)]
}

/// Gates, garden, hub and the like. Gates lie on the edge of the grounds.
pub fn spots(plan: &Plan) -> Vec<Spot> {
    let (x, y) = plan.corner;
    let (w, d) = plan.size;
    let spot = |step: &str, kind, name: &str, name_en: &str, at| Spot {
        step: step.into(),
        kind,
        name: name.into(),
        name_en: name_en.into(),
        at,
    };
    let mut spots = vec![
        spot("south-gate", "gate", "南门", "South gate", (x + w / 2, y)),
        spot("garden", "garden", "小花园", "Garden", (x + w / 2, y + d / 2)),
        spot("bins", "garbage", "垃圾投放点", "Garbage point", (x + w / 2 + 20 * M, y + 4 * M)),
        spot("e-bikes", "ebike", "电动车棚", "E-bike shed", (x + 6 * M, y + 4 * M)),
        spot("parking", "parking", "停车场", "Car park", (x + w - 8 * M, y + 4 * M)),
        spot("wall", "wall", "文化墙", "Culture wall", (x + w / 2 - 20 * M, y)),
    ];
    if plan.shape == Shape::WalkUps {
        spots.push(spot("hub", "hub", "红小楼", "The hub", (x + w / 2, y + d / 2 + 6 * M)));
        spots.push(spot("chat", "room", "聊天角", "Chat corner", (x + w / 4, y + d / 2)));
    }
    if plan.shape == Shape::Superblock {
        spots.push(spot("north-gate", "gate", "北门", "North gate", (x + w / 2, y + d)));
        spots.push(spot("east-gate", "gate", "东门", "East gate", (x + w, y + d / 2)));
        spots.push(spot("west-gate", "gate", "西门", "West gate", (x, y + d / 2)));
        spots.push(spot("culture-room", "room", "文化活动室", "Culture room", (x + w / 2, y + d / 2 + 10 * M)));
    }
    spots
}

/// The street before the gate, the lanes between the rows, and a path from each entrance to its lane.
pub fn ways(plan: &Plan, street: (&str, &str)) -> Vec<Way> {
    let (x, y) = plan.corner;
    let (w, d) = plan.size;
    let south = y - 8 * M;
    let mut ways = vec![
        Way {
            kind: "road",
            name: street.0.into(),
            name_en: street.1.into(),
            width: 12 * M,
            points: vec![(x - 10 * M, south), (x + w + 10 * M, south)],
        },
        Way {
            kind: "lane",
            name: format!("{}中路", plan.name),
            name_en: format!("{} Middle Lane", plan.name_en),
            width: 5 * M,
            points: vec![(x + w / 2, south), (x + w / 2, y + d)],
        },
    ];
    for row in 0..plan.rows.1 {
        let pitch = d / plan.rows.1;
        let lane = y + row * pitch + (pitch - plan.house.1) / 2 - 5 * M;
        ways.push(Way {
            kind: "lane",
            name: format!("{}{}弄", plan.name, row + 1),
            name_en: format!("{} Lane {}", plan.name_en, row + 1),
            width: 4 * M,
            points: vec![(x, lane), (x + w, lane)],
        });
        for house in houses(plan).iter().filter(|house| (house.number - 1) / plan.rows.0 == row) {
            for entrance in &house.entrances {
                let points = vec![*entrance, (entrance.0, lane)];
                ways.push(Way { kind: "path", name: String::new(), name_en: String::new(), width: 2 * M, points });
            }
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans() -> impl Iterator<Item = &'static Plan> {
        COMMUNITIES.iter().flat_map(|(.., plans)| plans.iter())
    }

    #[test]
    fn there_are_five_compounds_and_about_eighteen_hundred_homes() {
        let homes: i64 = plans()
            .flat_map(|plan| houses(plan).into_iter().map(move |house| house.floors * plan.homes * plan.entrances))
            .sum();
        assert_eq!(plans().count(), 5);
        assert!((1_750..=1_850).contains(&homes), "{homes}");
    }

    #[test]
    fn houses_stand_apart_inside_their_grounds_and_gates_on_the_edge() {
        for plan in plans() {
            let ((x, y), (w, d)) = (plan.corner, plan.size);
            let all = houses(plan);
            for (n, a) in all.iter().enumerate() {
                assert!(a.at.0 > x && a.at.1 > y && a.at.0 + a.size.0 < x + w && a.at.1 + a.size.1 < y + d);
                for entrance in &a.entrances {
                    assert!(entrance.1 == a.at.1 && entrance.0 > a.at.0 && entrance.0 < a.at.0 + a.size.0);
                }
                for b in &all[n + 1..] {
                    let apart_x = a.at.0 + a.size.0 <= b.at.0 || b.at.0 + b.size.0 <= a.at.0;
                    let apart_y = a.at.1 + a.size.1 <= b.at.1 || b.at.1 + b.size.1 <= a.at.1;
                    assert!(apart_x || apart_y, "{} {} and {}", plan.code, a.number, b.number);
                }
            }
            for gate in spots(plan).iter().filter(|spot| spot.kind == "gate") {
                let on_edge = gate.at.0 == x || gate.at.0 == x + w || gate.at.1 == y || gate.at.1 == y + d;
                assert!(on_edge, "{} {}", plan.code, gate.step);
            }
        }
    }

    #[test]
    fn compounds_of_one_community_do_not_overlap_and_every_entrance_has_a_path_to_a_lane() {
        for (.., plans) in COMMUNITIES {
            for (n, a) in plans.iter().enumerate() {
                for b in &plans[n + 1..] {
                    let apart_x = a.corner.0 + a.size.0 <= b.corner.0 || b.corner.0 + b.size.0 <= a.corner.0;
                    let apart_y = a.corner.1 + a.size.1 <= b.corner.1 || b.corner.1 + b.size.1 <= a.corner.1;
                    assert!(apart_x || apart_y);
                }
                let ways = ways(a, ("路", "Road"));
                for entrance in houses(a).iter().flat_map(|house| &house.entrances) {
                    assert!(ways.iter().any(|way| way.kind == "path" && way.points[0] == *entrance));
                }
            }
        }
    }
}
