//! Owns: a team's colour. Reads it, and finds the two colours next to it that
//! can be read on the light and on the dark grounds of the guide.
//!
//! Must not: know what is painted with it.

use std::fmt;

use color::{Oklch, OpaqueColor, Srgb, parse_color};
use serde::Deserialize;

/// The contrast that text needs (WCAG 2.2, 1.4.3).
pub const CONTRAST: f32 = 4.5;

/// The grounds of the light and of the dark theme that are nearest to text: if
/// it can be read on these, it can on all. The stylesheet owns them; a test
/// compares the two.
const LIGHT: [Rgb; 7] = [
    Rgb([0xf3, 0xf4, 0xf5]),
    Rgb([0xfc, 0xfc, 0xfb]),
    Rgb([0xed, 0xf2, 0xfb]),
    Rgb([0xe9, 0xf5, 0xee]),
    Rgb([0xf9, 0xf1, 0xe0]),
    Rgb([0xfc, 0xef, 0xe7]),
    Rgb([0xfc, 0xee, 0xf4]),
];
const DARK: [Rgb; 7] = [
    Rgb([0x1d, 0x22, 0x2a]),
    Rgb([0x19, 0x1d, 0x24]),
    Rgb([0x18, 0x23, 0x38]),
    Rgb([0x13, 0x27, 0x1d]),
    Rgb([0x2a, 0x23, 0x12]),
    Rgb([0x2f, 0x1d, 0x13]),
    Rgb([0x31, 0x16, 0x20]),
];

/// How far the lightness moves at a time, of 1.
const STEP: f32 = 0.005;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb([u8; 3]);

impl fmt::Display for Rgb {
    /// As stylesheets write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Rgb {
    fn of(color: OpaqueColor<Oklch>) -> Self {
        let rgba = color.convert::<Srgb>().to_rgba8();
        Self([rgba.r, rgba.g, rgba.b])
    }

    fn color(self) -> OpaqueColor<Srgb> {
        let [red, green, blue] = self.0;
        OpaqueColor::from_rgb8(red, green, blue)
    }

    /// The contrast with another colour, from 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (
            self.color().relative_luminance(),
            other.color().relative_luminance(),
        );
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn can_be_read_on(self, grounds: &[Self]) -> bool {
        let mut grounds = grounds.iter();
        grounds.all(|ground| self.contrast(*ground) >= CONTRAST)
    }
}

/// A team's colour, as it is on either ground.
///
/// No colour has the contrast that text needs on white as well as on black
/// grounds of the guide, so that a team could not name one. What it names is
/// used where it can be read, and otherwise the nearest lighter or darker
/// colour of the same hue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Accent {
    /// On the light grounds.
    pub on_light: Rgb,
    /// On the dark grounds.
    pub on_dark: Rgb,
}

impl TryFrom<String> for Accent {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_hex = text
            .strip_prefix('#')
            .is_some_and(|digits| matches!(digits.len(), 3 | 6));
        let color = parse_color(&text).ok().filter(|_| is_hex).ok_or_else(|| {
            format!("{text:?} is no colour; write `#` and six hexadecimal digits, like \"#0b7285\"")
        })?;
        let color = color.to_alpha_color::<Oklch>().discard_alpha();
        Ok(Self {
            on_light: readable(color, &LIGHT, -STEP),
            on_dark: readable(color, &DARK, STEP),
        })
    }
}

/// The colour nearest to `color`, lighter or darker by steps, that can be read
/// on all of `grounds`. Black and white, at the ends, can.
fn readable(color: OpaqueColor<Oklch>, grounds: &[Rgb], step: f32) -> Rgb {
    let mut color = color;
    let mut seen = Rgb::of(color);
    while !seen.can_be_read_on(grounds) && (-0.1..=1.1).contains(&color.components[0]) {
        color = color.map_lightness(|lightness| lightness + step);
        seen = Rgb::of(color);
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accent(text: &str) -> Accent {
        Accent::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn any_colour_can_be_read_on_every_ground() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let text = format!("#{red:02x}{green:02x}{blue:02x}");
                    let Accent { on_light, on_dark } = accent(&text);
                    assert!(on_light.can_be_read_on(&LIGHT), "{text}: {on_light}");
                    assert!(on_dark.can_be_read_on(&DARK), "{text}: {on_dark}");
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        assert_eq!(accent("#0b5563").on_light.to_string(), "#0b5563");
        assert_eq!(accent("#8fe3f0").on_dark.to_string(), "#8fe3f0");
        assert_eq!(accent("#048").on_light.to_string(), "#004488");
    }

    #[test]
    fn what_is_no_colour_is_refused_with_an_example() {
        for wrong in [
            "",
            "red",
            "0b5563",
            "#12345",
            "#12345g",
            "#11223344",
            "rgb(1 2 3)",
        ] {
            let error = Accent::try_from(wrong.to_owned()).unwrap_err();
            assert!(error.contains("\"#0b7285\""), "{wrong}: {error}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_definition() {
        let (white, black) = (Rgb([255; 3]), Rgb([0; 3]));
        assert!((white.contrast(black) - 21.0).abs() < 0.01);
        assert!((Rgb([0x77; 3]).contrast(white) - 4.48).abs() < 0.01);
    }

    #[test]
    fn the_grounds_are_those_of_the_stylesheet() {
        let style = include_str!("../../static/style.css");
        let grounds = [
            "sunken", "paper", "tint-1", "tint-2", "tint-3", "tint-4", "tint-5",
        ];
        for (name, (light, dark)) in grounds.iter().zip(LIGHT.iter().zip(&DARK)) {
            // Of two grounds that are nearly white, the darker is nearer to text.
            let dark = if *name == "paper" {
                "#12151a".to_owned()
            } else {
                dark.to_string()
            };
            let line = format!("--{name}: light-dark({light}, {dark});");
            assert!(style.contains(&line), "{line}");
        }
        let raised = format!("--raised: light-dark(#ffffff, {});", DARK[1]);
        assert!(style.contains(&raised), "{raised}");
    }
}
