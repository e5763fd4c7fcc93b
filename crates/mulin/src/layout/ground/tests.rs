//! Points between the ground and its drawing.

use super::*;

fn house(label: &str) -> Spot {
    let ring = vec![(0, 0), (40_000, 0), (40_000, 10_000), (0, 10_000)];
    let href = Some("/x?a=1&b=2".to_owned());
    Spot { at: (20_000, 5_000), ring, label: label.into(), short: "3".into(), href, class: "house".into() }
}

#[test]
fn a_press_on_the_drawing_finds_the_ground_under_it_and_the_nearest_house() {
    let gate = Spot { at: (20_000, -30_000), ring: Vec::new(), ..house("南门") };
    let (house, all) = (house("3号楼"), [house("3号楼"), gate.clone()]);
    let frame = Frame::around(&all).unwrap();
    assert_eq!((frame.west, frame.north, frame.width, frame.depth), (-12_000, 22_000, 64_000, 64_000));
    let under = frame.under((160, 85), 320);
    assert_eq!(under, (20_000, 5_000));
    assert_eq!(house.distance(under), 0);
    assert!(gate.distance((20_000, -29_000)) < house.distance((20_000, -29_000)));
    assert!(Frame::around(&[]).is_none());
}

#[test]
fn names_cannot_break_out_of_the_drawing() {
    let spots = [house("<script>\"")];
    let svg = draw(Frame::around(&spots).unwrap(), "图\"", &[], &[], &spots);
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;&quot;") && svg.contains("a=1&amp;b=2"));
    assert!(!svg.contains("style="));
}
