//! Owns: what a search knows of each page, and the index of the site's search,
//! as a classic script, because a page on a disk may not fetch.
//!
//! Must not: decide what is found first (that is `static/search.js` on the site
//! and `lookup` in a terminal).

use std::borrow::Cow;

use serde::Serialize;

use crate::load::content::Document;
use crate::load::facts::CodeFacts;
use crate::load::front_matter::Located;
use crate::load::guide::Guide;
use crate::route::Route;
use crate::text::markdown;

/// A page as the search knows it. The order of the fields is that of the
/// array that `static/search.js` reads.
#[derive(Serialize)]
pub struct Entry<'g>(
    /// The file, from the root of the site.
    pub String,
    /// What kind of page it is.
    pub Kind,
    /// The title: `404 Not Found`.
    pub String,
    /// The sentence under it.
    pub &'g str,
    /// Other names: former phrases, vendors and what they call the code.
    pub Vec<&'g str>,
    /// What people type.
    pub Vec<&'g str>,
    /// Topics, the use case, and what a team says on the page.
    pub Vec<Cow<'g, str>>,
    /// Fields.
    pub Vec<&'g str>,
);

/// What kind of page an entry is, in one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// A registered code.
    #[serde(rename = "c")]
    Code,
    /// A code that nobody registered.
    #[serde(rename = "v")]
    Vendor,
    /// A class.
    #[serde(rename = "k")]
    Class,
    /// A comparison.
    #[serde(rename = "x")]
    Comparison,
    /// A topic.
    #[serde(rename = "t")]
    Topic,
    /// Any other page.
    #[serde(rename = "p")]
    Page,
}

/// The script that hands the index to the search.
///
/// # Errors
/// If the index cannot be written as JSON.
pub fn script(guide: &Guide) -> serde_json::Result<String> {
    let json = serde_json::to_string(&entries(guide))?;
    Ok(format!("window.guideIndex={json};\n"))
}

/// What a search knows of each page but the one for misses.
pub fn entries(guide: &Guide) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for document in guide.codes.values() {
        entries.push(code(guide, document));
    }
    for (class, d) in &guide.classes {
        let title = format!("{class} {}", d.facts.name);
        let route = Route::Class(*class);
        entries.push(page(
            guide,
            &route,
            Kind::Class,
            title,
            &d.facts.summary,
            &[],
        ));
    }
    for (slug, d) in &guide.comparisons {
        let title = slug.replace('-', " ");
        let route = Route::Comparison(slug.clone());
        let facts = &d.facts;
        entries.push(page(
            guide,
            &route,
            Kind::Comparison,
            title,
            &facts.rule,
            &facts.search,
        ));
    }
    for (slug, d) in &guide.topics {
        let route = Route::Topic(slug.clone());
        let facts = &d.facts;
        let title = facts.title.clone();
        entries.push(page(
            guide,
            &route,
            Kind::Topic,
            title,
            &facts.summary,
            &facts.search,
        ));
    }
    for (slug, d) in &guide.pages {
        let route = Guide::page_route(slug);
        if route != Route::NotFound {
            let facts = &d.facts;
            let title = facts.title.clone();
            entries.push(page(
                guide,
                &route,
                Kind::Page,
                title,
                &facts.summary,
                &facts.search,
            ));
        }
    }
    entries
}

/// The entry of a code.
fn code<'g>(guide: &'g Guide, document: &'g Document<CodeFacts>) -> Entry<'g> {
    let facts = &document.facts;
    let kind = if facts.is_registered() {
        Kind::Code
    } else {
        Kind::Vendor
    };
    let mut names: Vec<&str> = Vec::new();
    let former = facts.former_names.iter().map(|name| name.phrase.as_str());
    let meanings = facts.meanings.iter().map(|meaning| &meaning.value);
    let meant = meanings.flat_map(|meaning| {
        [Some(meaning.by.as_str()), meaning.phrase.as_deref()]
            .into_iter()
            .flatten()
    });
    for name in former.chain(meant) {
        if name != facts.phrase && !names.contains(&name) {
            names.push(name);
        }
    }
    let topics = facts.topics.iter();
    let topics = topics.filter_map(|topic| guide.topics.get(&topic.value));
    let fields = facts.required_fields.iter().chain(&facts.useful_fields);
    let route = Route::Code(facts.code.value);
    Entry(
        route.file(),
        kind,
        format!("{} {}", facts.code.value, facts.phrase),
        &facts.summary.value,
        names,
        values(&facts.search),
        topics
            .map(|topic| topic.facts.title.as_str())
            .chain([facts.use_case.value.as_str()])
            .map(Cow::Borrowed)
            .chain(convention(guide, &route))
            .collect(),
        fields.map(|field| field.value.as_str()).collect(),
    )
}

/// The entry of any other page.
fn page<'g>(
    guide: &'g Guide,
    route: &Route,
    kind: Kind,
    title: String,
    sentence: &'g Located<String>,
    search: &'g [Located<String>],
) -> Entry<'g> {
    Entry(
        route.file(),
        kind,
        title,
        &sentence.value,
        Vec::new(),
        values(search),
        convention(guide, route).collect(),
        Vec::new(),
    )
}

/// What a team says on a page: its heading and its words.
fn convention<'g>(guide: &'g Guide, route: &Route) -> impl Iterator<Item = Cow<'g, str>> {
    let document = guide.conventions.get(route);
    document.into_iter().flat_map(|document| {
        let text = &document.file.text[document.body.clone()];
        let title = Cow::Borrowed(document.facts.title.as_str());
        [title, Cow::Owned(markdown::words(guide, text))]
    })
}

fn values(located: &[Located<String>]) -> Vec<&str> {
    located.iter().map(|text| text.value.as_str()).collect()
}
