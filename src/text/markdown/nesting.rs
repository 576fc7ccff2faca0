//! Owns: how deep the signs at the start of a line may nest before it is parsed.
//!
//! Must not: know what they mean.

use std::ops::Range;

/// With how many signs of quotations and lists a line may begin, before it is
/// parsed: more than can be right, so that a line of code is not taken for one.
const MOST_MARKERS: usize = 100;

/// The first line that begins with so many quotations and lists that the parser,
/// which goes through all of them in each line that follows, would take the
/// square of the time.
pub(super) fn deep_line(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let markers = markers(line);
        if markers > MOST_MARKERS && !is_rule(line) {
            return Some(start..start + line.trim_end().len());
        }
        start += line.len();
    }
    None
}

/// Whether the line is a thematic break: `- - -`.
fn is_rule(line: &str) -> bool {
    ['-', '*', '_']
        .iter()
        .any(|sign| line.chars().all(|c| c == *sign || c.is_ascii_whitespace()))
}

/// With how many signs of quotations and lists a line begins.
fn markers(line: &str) -> usize {
    let mut count = 0;
    let mut rest = line.trim_start_matches([' ', '\t']);
    loop {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = match rest.strip_prefix('>') {
            Some(behind) => Some(behind),
            None if digits.len() < rest.len() => digits.strip_prefix(['.', ')']),
            None => rest.strip_prefix(['-', '+', '*']),
        };
        let Some(behind) = behind else { return count };
        let next = behind.trim_start_matches([' ', '\t']);
        if !rest.starts_with('>') && next.len() == behind.len() {
            return count;
        }
        count += 1;
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_of_quotations_and_lists_before_a_line_are_counted() {
        for (line, count) in [
            ("text", 0),
            ("> text", 1),
            ("  > - 1. 22) + * text", 6),
            ("-text", 0),
            ("1.text > - ", 0),
            (">>>", 3),
            ("2026 > a", 0),
            ("- \n", 1),
        ] {
            assert_eq!(markers(line), count, "{line:?}");
        }
        assert_eq!(deep_line(&"- ".repeat(200)), None);
        let deep = format!("a\n{}b\n", "- ".repeat(200));
        assert_eq!(deep_line(&deep), Some(2..403));
    }
}
