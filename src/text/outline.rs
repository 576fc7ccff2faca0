//! Owns: the headings of each kind of page, their fragments and their order.
//! The fragments are a public contract.
//!
//! Must not: know the pages themselves.

/// A heading that a kind of page has.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The fragment: a public contract.
    pub id: &'static str,
    /// The text of the heading.
    pub title: &'static str,
    /// The headings one level below.
    pub parts: &'static [Part],
    /// When the page must have it.
    pub need: Need,
}

/// When a page must have a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// On every page of the kind.
    Always,
    /// On every page that is complete, which is one that has any such part.
    Complete,
    /// On every complete page; alone it does not make a page complete.
    Implied,
    /// Never.
    Optional,
}

/// The headings of a kind of page, in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Outline {
    /// The known parts.
    pub parts: &'static [Part],
    /// Whether other headings may stand between them.
    pub open: bool,
}

const fn part(id: &'static str, title: &'static str, need: Need) -> Part {
    Part {
        id,
        title,
        parts: &[],
        need,
    }
}

/// Who can have got a code.
const ROLES: &[Part] = &[
    part("visitor", "Visiting a website", Need::Optional),
    part("client", "Calling an API", Need::Optional),
    part("on-call", "On call", Need::Optional),
];

/// The parts of a code's page.
pub static CODE: Outline = Outline {
    parts: &[
        part("when-to-use", "When to send it", Need::Complete),
        part(
            "when-not-to-use",
            "When to send something else",
            Need::Complete,
        ),
        part("example", "Example", Need::Implied),
        Part {
            id: "if-you-get-it",
            title: "If you get it",
            parts: ROLES,
            need: Need::Complete,
        },
        part("who-sent-it", "Who sent it?", Need::Optional),
        part("versus", "Versus", Need::Complete),
        part("mistakes", "Common mistakes", Need::Complete),
        part("history", "History and specification", Need::Always),
    ],
    open: false,
};

/// The parts of the page of a code that nobody registered.
pub static VENDOR: Outline = Outline {
    parts: &[
        Part {
            id: "if-you-get-it",
            title: "If you get it",
            parts: ROLES,
            need: Need::Always,
        },
        part("who-sent-it", "Who sent it?", Need::Optional),
        part(
            "when-not-to-use",
            "When to send something else",
            Need::Optional,
        ),
        part("example", "Example", Need::Optional),
        part("history", "Where it comes from", Need::Always),
    ],
    open: false,
};

/// The parts of a class page.
pub static CLASS: Outline = Outline {
    parts: &[
        part("meaning", "What it means", Need::Always),
        part("unknown-code", "A code you do not know", Need::Always),
        part("choosing", "Choosing within the class", Need::Optional),
        part("clients", "For clients", Need::Optional),
    ],
    open: false,
};

/// The parts of a comparison.
pub static COMPARISON: Outline = Outline {
    parts: &[
        part("differences", "The differences", Need::Always),
        part("scenario", "One request, each answer", Need::Always),
        part("mistakes", "Common mistakes", Need::Optional),
        part("still-unsure", "Still unsure?", Need::Always),
    ],
    open: true,
};

/// Any other page.
pub static FREE: Outline = Outline {
    parts: &[],
    open: true,
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_fragments_of_an_outline_are_unique() {
        for outline in [&CODE, &VENDOR, &CLASS, &COMPARISON] {
            let ids: Vec<_> = (outline.parts.iter())
                .flat_map(|p| std::iter::once(p.id).chain(p.parts.iter().map(|p| p.id)))
                .collect();
            let set: BTreeSet<_> = ids.iter().collect();
            assert_eq!(ids.len(), set.len(), "{ids:?}");
        }
    }
}
