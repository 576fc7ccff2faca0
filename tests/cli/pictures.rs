//! Preview cards and badges: they have the colours of the site, a glyph for
//! every letter, nothing on the edge, and few bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;

use status_guide::picture::card::key_facts;
use status_guide::picture::palette::{self, Rgb};
use status_guide::picture::typeface::Typefaces;
use status_guide::site::Site;
use status_guide::status::Class;

use crate::guide::{loaded, site};
use crate::project::repository;

/// A feed loads a picture for each link that it shows.
const MOST_BYTES: usize = 25_000;

/// The custom properties of a stylesheet that are colours: light, then dark.
fn colors(file: &str) -> BTreeMap<String, (String, String)> {
    let css = fs::read_to_string(repository().join("static").join(file)).unwrap();
    let lines = css.lines().filter_map(|line| {
        let (name, value) = line
            .trim()
            .strip_prefix("--")?
            .split_once(": light-dark(")?;
        let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
        Some((name.to_owned(), (light.to_owned(), dark.to_owned())))
    });
    lines.collect()
}

#[test]
fn pictures_and_embedded_cards_have_the_colours_of_the_stylesheet() {
    let site = colors("style.css");
    let light = |name: &str| site[name].0.clone();
    assert_eq!(palette::PAPER.to_string(), light("paper"));
    assert_eq!(palette::INK.to_string(), light("ink"));
    assert_eq!(palette::SOFT.to_string(), light("soft"));
    assert_eq!(palette::LINE.to_string(), light("line"));
    for (number, class) in (1..).zip(Class::ALL) {
        assert_eq!(
            palette::hue(class).to_string(),
            light(&format!("hue-{number}"))
        );
        assert_eq!(
            palette::tint(class).to_string(),
            light(&format!("tint-{number}"))
        );
    }
    let embedded = colors("embed.css");
    assert!(embedded.len() >= 10, "{embedded:?}");
    for (name, color) in embedded {
        assert_eq!(color, site[&name], "--{name} in embed.css");
    }
}

/// How bright a colour is, as WCAG 2 reckons.
fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    (one / other).max(other / one)
}

#[test]
fn text_in_pictures_can_be_told_from_its_ground() {
    const WHITE: Rgb = Rgb(255, 255, 255);
    assert!((contrast(WHITE, Rgb(0, 0, 0)) - 21.0).abs() < 0.01);
    let mut pairs = vec![(palette::SOFT, palette::PAPER), (WHITE, palette::LABEL)];
    for class in Class::ALL {
        let hue = palette::hue(class);
        pairs.extend([
            (hue, palette::PAPER),
            (hue, palette::tint(class)),
            (hue, WHITE),
        ]);
    }
    for (text, ground) in pairs {
        let contrast = contrast(text, ground);
        assert!(contrast >= 4.5, "{text:?} on {ground:?} has {contrast:.2}");
    }
}

#[test]
fn every_letter_on_a_card_or_a_badge_has_a_glyph() {
    let content = loaded();
    let mut texts = vec![content.site.title.clone()];
    for document in &content.codes {
        let facts = &document.facts;
        texts.extend([facts.phrase.clone(), facts.summary.value.clone()]);
        texts.extend(key_facts(facts).map(|(_, value)| value));
    }
    for document in &content.classes {
        let facts = &document.facts;
        texts.extend([facts.name.clone(), facts.summary.value.clone()]);
    }
    texts.extend(
        content
            .comparisons
            .iter()
            .map(|d| d.facts.rule.value.clone()),
    );
    texts.extend(content.pages.iter().map(|d| d.facts.summary.value.clone()));
    let typefaces = Typefaces::open().unwrap();
    let letters: BTreeSet<char> = texts.iter().flat_map(|text| text.chars()).collect();
    let missing = |c: &char| !typefaces.regular.has(*c) || !typefaces.strong.has(*c);
    let missing: Vec<char> = letters.into_iter().filter(missing).collect();
    assert!(
        missing.is_empty(),
        "the fonts of pictures do not have {missing:?}; fonts/README.md says how they were made"
    );
    assert!("0123456789x".chars().all(|c| typefaces.number.has(c)));
}

/// The preview cards, by path.
fn cards(site: &Site) -> Vec<(&str, &[u8])> {
    let is_card = |file: &str| file == "card.png" || file.ends_with("/card.png");
    let files = site.iter().map(|(file, bytes)| (file, &**bytes));
    files.filter(|(file, _)| is_card(file)).collect()
}

#[test]
fn every_code_class_and_comparison_has_a_card_and_so_has_the_guide() {
    let content = loaded();
    let site = site();
    let pages = content.codes.len() + content.classes.len() + content.comparisons.len() + 1;
    assert_eq!(cards(site).len(), pages);
    for file in [
        "404/card.png",
        "4xx/card.png",
        "401-vs-403/card.png",
        "card.png",
    ] {
        assert!(site.get(file).is_some(), "{file}");
    }
}

/// The rows and columns on which nothing stands but the frame of what nobody
/// registered: the edge, and the space above the foot.
fn is_empty_space(x: usize, y: usize) -> bool {
    const EDGE: usize = 58;
    let (right, bottom) = (1200 - EDGE, 630 - EDGE + 12);
    let is_edge = x < EDGE || x >= right || y < EDGE || y >= bottom;
    let is_frame = [x, y, 1199 - x, 629 - y]
        .iter()
        .any(|at| (25..31).contains(at));
    let above_the_foot = (520..538).contains(&y);
    (is_edge || above_the_foot) && !is_frame
}

#[test]
fn nothing_on_a_card_runs_out_of_its_place_and_none_is_heavy() {
    let site = site();
    for (file, bytes) in cards(site) {
        assert!(
            bytes.len() <= MOST_BYTES,
            "{file} has {} bytes",
            bytes.len()
        );
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (1200, 630), "{file}");
        if file == "card.png" {
            continue;
        }
        let Rgb(red, green, blue) = palette::PAPER;
        let stray = (0..).zip(pixels.chunks(3)).find_map(|(at, pixel)| {
            let (x, y) = (at % 1200, at / 1200);
            (pixel != [red, green, blue] && is_empty_space(x, y)).then_some((x, y))
        });
        assert_eq!(stray, None, "{file} has something in its margin");
    }
}

#[test]
fn a_badge_says_its_code_to_every_reader_and_needs_no_font() {
    let site = site();
    for document in loaded().codes {
        let facts = document.facts;
        let code = facts.code.value;
        let bytes = site.get(&format!("{code}/badge.svg")).unwrap();
        let svg = std::str::from_utf8(bytes).unwrap();
        let name = if facts.is_registered() {
            format!("HTTP {code} {}", facts.phrase)
        } else {
            format!("HTTP {code} {}, not registered", facts.phrase)
        };
        let name = name.replace('\'', "&#39;");
        for part in [
            format!("<title>{name}</title>"),
            format!("role=\"img\" aria-label=\"{name}\""),
        ] {
            assert!(svg.contains(&part), "{part} in the badge of {code}: {svg}");
        }
        for part in ["<text", "<style", "<script", "href", "font"] {
            assert!(!svg.contains(part), "{part} in the badge of {code}");
        }
        assert!(svg.len() < 10_000, "{code}: {} bytes", svg.len());
    }
}
