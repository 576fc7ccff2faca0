//! Owns: which files lie beside which page: preview cards, badges, and cards
//! to show inside other pages.
//!
//! Must not: know how a picture is drawn.

use askama::Template;
use rayon::prelude::*;

use crate::load::facts::CodeFacts;
use crate::load::guide::Guide;
use crate::output::cache::{Cache, Costly};
use crate::picture::badge;
use crate::picture::card::{self, Card};
use crate::render::Bodies;
use crate::route::{Companion, Route};
use crate::site::Site;

/// The style of a card inside another page.
const EMBED_STYLE: &str = "embed.css";

/// Adds the preview cards of the pages that have one.
///
/// # Errors
/// If one of them cannot be made.
pub fn add_preview_cards(
    guide: &Guide,
    bodies: &Bodies,
    cache: &Cache,
    site: &mut Site,
) -> anyhow::Result<()> {
    let routes: Vec<&Route> = bodies.keys().collect();
    let cards: Vec<Option<(String, Costly)>> = routes
        .par_iter()
        .map(|route| preview_card(guide, cache, route))
        .collect::<anyhow::Result<_>>()?;
    for (file, card) in cards.into_iter().flatten() {
        site.insert_costly(file, card.bytes, card.fingerprint);
    }
    Ok(())
}

/// Adds the badge of each code, and its card to show inside other pages.
///
/// # Errors
/// If one of them cannot be made.
pub fn add(guide: &Guide, site: &mut Site) -> anyhow::Result<()> {
    let codes: Vec<(Route, &CodeFacts)> = (guide.codes.iter())
        .map(|(code, document)| (Route::Code(*code), &document.facts))
        .collect();
    let files: Vec<[(Route, String); 2]> = codes
        .par_iter()
        .map(|(route, facts)| {
            let badge = (route.beside(Companion::Badge), badge::svg(facts)?);
            let embed = EmbedView::new(guide, route, facts).render()?;
            Ok([badge, (route.beside(Companion::Embed), embed)])
        })
        .collect::<anyhow::Result<_>>()?;
    for (route, text) in files.into_iter().flatten() {
        site.insert(route.file(), text.into_bytes());
    }
    Ok(())
}

/// The preview card of a page, if it has one.
fn preview_card(
    guide: &Guide,
    cache: &Cache,
    route: &Route,
) -> anyhow::Result<Option<(String, Costly)>> {
    let Some(card) = Card::of(guide, route) else {
        return Ok(None);
    };
    let file = route.beside(Companion::PreviewCard).file();
    let facts = format!("{card:?}");
    let mut parts = card::sources();
    parts.push(facts.as_bytes());
    let costly = cache.get_or_make(&file, &parts, || card.png())?;
    Ok(Some((file, costly)))
}

/// A code on a card inside another page.
#[derive(Template)]
#[template(path = "embed.html")]
struct EmbedView<'g> {
    guide: &'g Guide,
    facts: &'g CodeFacts,
    key_facts: [(&'static str, String); 3],
    /// The page of the code, seen from the card, and its own address.
    page: String,
    canonical: Option<String>,
    style: String,
}

impl<'g> EmbedView<'g> {
    fn new(guide: &'g Guide, page: &Route, facts: &'g CodeFacts) -> Self {
        let own = page.beside(Companion::Embed);
        Self {
            guide,
            facts,
            key_facts: card::key_facts(facts),
            page: guide.link(&own, page),
            canonical: guide.base.as_ref().map(|base| base.absolute(page)),
            style: guide.link(&own, &Route::Static(EMBED_STYLE.to_owned())),
        }
    }
}
