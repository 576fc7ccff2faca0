//! Owns: which page somebody means who types words in a terminal. Exact names
//! win; then the facts that the site's search reads, each word also as the
//! beginning of another, and with a slip of the finger.
//!
//! Must not: show anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::search_index::{Entry, Kind, entries};
use crate::load::guide::{Guide, Target};
use crate::route::Route;
use crate::status::StatusCode;

/// How many times as good as the second the first must be to be shown unasked.
const CLEAR: f64 = 1.4;
/// The most candidates of a list.
const MOST: usize = 6;

/// The most words of a query that are looked for: each is compared with all of
/// the guide.
const MOST_WORDS: usize = 100;

/// How far below the first a candidate may be, and the least that is a match.
const FAR: f64 = 4.0;
const LEAST: f64 = 1.0;

/// How much a match is worth, by where it is; `static/search.js` weighs alike.
const TITLE: f64 = 10.0;
const WORD: f64 = 9.0;
const NAME: f64 = 8.0;
const FIELD: f64 = 4.0;
const TOPIC: f64 = 3.0;
const SENTENCE: f64 = 2.0;
/// How much is left of that if the word only begins so, or is misspelt.
const PREFIX: f64 = 0.7;
const TYPO: f64 = 0.55;

/// Words that say little in such a guide.
const WEAK: &str = "a an and are be by can code codes do does err error errors for from how http \
    https i if in is it mean means my of on or response s send sent should status that the this to \
    vs versus what when which why with you";

/// A page that somebody may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The page.
    pub route: Route,
    /// What it is called: `404 Not Found`.
    pub title: String,
    score: f64,
}

/// What words in a terminal mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Meant {
    /// The page of that name.
    Page(Route),
    /// No page has the name. The first of these is nearest by far.
    Nearest(Vec<Candidate>),
    /// No page has the name. These are near, the best first; or none is.
    Several(Vec<Candidate>),
}

/// What one types to see a page: `404`, `401-vs-403`, `topics/caching`.
pub fn name(route: &Route) -> String {
    match route {
        Route::Home => "home".to_owned(),
        other => other.url_path().trim_end_matches('/').to_owned(),
    }
}

/// The page with this name, number, title or phrase.
fn exact(guide: &Guide, query: &str) -> Option<Route> {
    let query = query.trim().trim_matches('/').to_lowercase();
    let hyphened = words(&query).join("-");
    let topic = format!("topics/{hyphened}");
    // `40 4` is a slip of the thumb.
    let joined = query.replace(' ', "");
    for name in [query.as_str(), &hyphened, &topic, &joined] {
        if let Ok(Target::Page {
            route: Some(route), ..
        }) = guide.resolve(name)
            && route != Route::NotFound
        {
            return Some(route);
        }
    }
    let phrase = guide
        .codes
        .values()
        .find(|d| d.facts.phrase.to_lowercase() == query);
    phrase
        .map(|d| Route::Code(d.facts.code.value))
        .or_else(|| comparison(guide, &numbers(guide, &query)))
}

/// The class of a number that the guide does not have: a client that does not
/// know a code goes by its class (RFC 9110 §15).
fn unknown(guide: &Guide, query: &str) -> Option<Candidate> {
    let code: StatusCode = query.trim().parse().ok()?;
    let document = guide.classes.get(&code.class())?;
    Some(Candidate {
        route: Route::Class(code.class()),
        title: format!("{} {}", code.class(), document.facts.name),
        score: 1.0,
    })
}

/// The smallest comparison of just these codes, in whatever order.
fn comparison(guide: &Guide, codes: &[StatusCode]) -> Option<Route> {
    let all = guide.comparisons.values().filter(|d| {
        let has = |code| d.facts.codes.iter().any(|c| c.value == code);
        codes.len() > 1 && codes.iter().all(|code| has(*code))
    });
    let smallest = all.min_by_key(|d| d.facts.codes.len())?;
    Some(Route::Comparison(smallest.slug.clone()))
}

/// The codes of the guide that a query names, each once, in its order.
fn numbers(guide: &Guide, query: &str) -> Vec<StatusCode> {
    let mut found = Vec::new();
    for word in words(query) {
        if let Ok(code) = word.parse::<StatusCode>()
            && guide.codes.contains_key(&code)
            && !found.contains(&code)
        {
            found.push(code);
        }
    }
    found
}

/// The words of a text in small letters; `404error` is two.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let plain = text.to_lowercase().replace(['\'', '’'], "");
    for run in plain.split(|c: char| !c.is_alphanumeric()) {
        let digits = run.len() - run.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let letters = run.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let is_class = run.ends_with("xx") && run.len() == 3;
        let at = match (digits, run.len() - letters) {
            (3, 0) if run.len() > 4 => 3,
            (0, 3) => letters,
            _ => 0,
        };
        let (first, second) = run.split_at(if is_class { 0 } else { at });
        words.extend(
            [first, second]
                .into_iter()
                .filter(|w| !w.is_empty())
                .map(str::to_owned),
        );
    }
    words
}

/// A word without what grammar put at its end: `caching` and `cache` are one.
fn stem(word: &str) -> &str {
    if word.len() <= 4 {
        return word;
    }
    let endings = ["ing", "ed", "es", "s", "e"];
    let shorter = endings.iter().find_map(|end| word.strip_suffix(end));
    shorter.unwrap_or(word)
}

/// A text of a page, and what a match in it is worth.
struct Text {
    worth: f64,
    /// Its words, by their numbers in the vocabulary.
    words: Vec<usize>,
    /// How many words of its own it has, numbers aside.
    own: f64,
}

/// A page and the texts by which it is found.
struct Page {
    route: Route,
    title: String,
    kind: Kind,
    texts: Vec<Text>,
}

/// Every word of the guide, each once, and its number.
#[derive(Default)]
struct Vocabulary(BTreeMap<String, usize>);

impl Vocabulary {
    fn number(&mut self, word: String) -> usize {
        let next = self.0.len();
        *self.0.entry(word).or_insert(next)
    }

    fn text(&mut self, text: &str, worth: f64) -> Text {
        let mut words: Vec<String> = words(text).iter().map(|w| stem(w).to_owned()).collect();
        let own = words
            .iter()
            .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
        let own = count(own.count().max(1));
        // Two words that people write as one: `notfound`, `retryafter`.
        let whole: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        if worth > SENTENCE && words.len() > 1 && whole.len() < 24 {
            words.push(stem(&whole.to_lowercase()).to_owned());
        }
        let words = words.into_iter().map(|word| self.number(word)).collect();
        Text { worth, words, own }
    }

    fn texts(&mut self, entry: &Entry<'_>) -> Vec<Text> {
        let Entry(_, _, title, sentence, names, typed, topics, fields) = entry;
        let mut texts = vec![self.text(title, TITLE), self.text(sentence, SENTENCE)];
        for (list, worth) in [(names, NAME), (typed, WORD), (fields, FIELD)] {
            texts.extend(list.iter().map(|text| self.text(text, worth)));
        }
        texts.extend(topics.iter().map(|text| self.text(text, TOPIC)));
        texts
    }
}

/// A word of a query: how much it weighs, and how well each word of the
/// vocabulary meets it.
struct Asked {
    weight: f64,
    likeness: Vec<f64>,
    rarity: f64,
}

/// The pages of a guide as words, to find some of them.
pub struct Index<'g> {
    guide: &'g Guide,
    pages: Vec<Page>,
    vocabulary: Vocabulary,
}

impl<'g> Index<'g> {
    /// The index of `guide`.
    pub fn new(guide: &'g Guide) -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut pages = Vec::new();
        for entry in entries(guide) {
            if let Some(route) = route(guide, &entry.0) {
                let texts = vocabulary.texts(&entry);
                pages.push(Page {
                    route,
                    title: entry.2,
                    kind: entry.1,
                    texts,
                });
            }
        }
        Self {
            guide,
            pages,
            vocabulary,
        }
    }

    /// The page that `query` means.
    pub fn find(&self, query: &str) -> Meant {
        if let Some(route) = exact(self.guide, query) {
            return Meant::Page(route);
        }
        let mut found = match unknown(self.guide, query) {
            Some(class) => vec![class],
            None => self.ranked(query),
        };
        found.truncate(MOST);
        let second = found.get(1).map_or(0.0, |candidate| candidate.score);
        match found.first() {
            Some(first) if first.score >= CLEAR * second => Meant::Nearest(found),
            _ => Meant::Several(found),
        }
    }

    /// All pages that match, the best first.
    fn ranked(&self, query: &str) -> Vec<Candidate> {
        let named = numbers(self.guide, query);
        let asked = self.asked(query, &named);
        let total: f64 = asked.iter().map(|word| word.weight).sum();
        let mut found = Vec::new();
        for page in &self.pages {
            let score = by_number(&page.route, &named)
                + matched(page, &asked, total) * kind_weight(page.kind);
            if score > LEAST {
                found.push(Candidate {
                    route: page.route.clone(),
                    title: page.title.clone(),
                    score,
                });
            }
        }
        found.sort_by(|a, b| (b.score.total_cmp(&a.score)).then_with(|| a.route.cmp(&b.route)));
        let least = found.first().map_or(0.0, |first| first.score / FAR);
        found.retain(|candidate| candidate.score >= least);
        found
    }

    /// The words of a query but for the numbers of codes.
    fn asked(&self, query: &str, named: &[StatusCode]) -> Vec<Asked> {
        let weak: BTreeSet<&str> = WEAK.split_whitespace().collect();
        let mut all = words(query);
        all.truncate(MOST_WORDS);
        let strong = all.iter().any(|word| !weak.contains(word.as_str()));
        let others = all
            .iter()
            .filter(|word| !word.parse().is_ok_and(|code| named.contains(&code)));
        others
            .map(|word| {
                let mut like = vec![0.0; self.vocabulary.0.len()];
                for (here, number) in &self.vocabulary.0 {
                    like[*number] = likeness(stem(word), here);
                }
                Asked {
                    weight: if strong && weak.contains(word.as_str()) {
                        0.1
                    } else {
                        1.0
                    },
                    rarity: self.rarity(&like),
                    likeness: like,
                }
            })
            .collect()
    }

    /// How much a word tells: 1 if one page has it, less if many do. Words that
    /// are only like it count if no page has the word itself.
    fn rarity(&self, like: &[f64]) -> f64 {
        let (mut exact, mut near) = (0, 0);
        for page in &self.pages {
            let best = page.texts.iter().map(|text| text.best(like));
            let best = best.fold(0.0, f64::max);
            exact += usize::from(best >= 1.0);
            near += usize::from(best > 0.0);
        }
        let all = count(self.pages.len());
        let having = count(if exact > 0 { exact } else { near.max(1) });
        (1.0 + all / having).ln() / (1.0 + all).ln()
    }
}

impl Text {
    /// How well the text meets a word.
    fn best(&self, like: &[f64]) -> f64 {
        self.words
            .iter()
            .map(|word| like[*word])
            .fold(0.0, f64::max)
    }
}

/// How well a page meets the words of a query.
fn matched(page: &Page, asked: &[Asked], total: f64) -> f64 {
    if total <= 0.0 {
        return 0.0;
    }
    let mut best = vec![0.0_f64; asked.len()];
    let mut met = vec![0.0_f64; asked.len()];
    let mut bonus = 0.0_f64;
    for text in &page.texts {
        let mut hit = 0.0;
        for (at, word) in asked.iter().enumerate() {
            let like = text.best(&word.likeness);
            best[at] = best[at].max(like * text.worth * word.rarity * word.weight);
            met[at] = met[at].max(like.sqrt() * word.weight);
            hit += like * word.weight;
        }
        // A text that the query covers, and that covers the query, counts more.
        let cover = hit / total;
        let covered = (hit / text.own).min(1.0);
        bonus = bonus.max(text.worth * cover * cover * (0.4 + 1.6 * covered));
    }
    let part = met.iter().sum::<f64>() / total;
    (best.iter().sum::<f64>() + 2.0 * bonus) * part * part
}

/// How well `word` of a query is met by `here` in the guide, from 0 to 1.
fn likeness(word: &str, here: &str) -> f64 {
    if word == here {
        return 1.0;
    }
    let (length, own) = (word.chars().count(), here.chars().count());
    if length > 2 && here.starts_with(word) {
        return PREFIX * (0.6 + 0.4 * count(length) / count(own));
    }
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    let most = if length > 7 { 2 } else { 1 };
    if is_number || length < 4 || own < 4 || length.abs_diff(own) > most {
        return 0.0;
    }
    if strsim::osa_distance(word, here) <= most {
        TYPO
    } else {
        0.0
    }
}

/// A page of a code that the query names goes first, the first one named most.
fn by_number(route: &Route, named: &[StatusCode]) -> f64 {
    let Route::Code(code) = route else { return 0.0 };
    let at = named.iter().position(|named| named == code);
    at.map_or(0.0, |at| 1000.0 / count(at + 1))
}

/// Of two equal matches, a registered code goes first.
const fn kind_weight(kind: Kind) -> f64 {
    match kind {
        Kind::Code => 1.15,
        Kind::Vendor => 1.0,
        Kind::Page => 0.95,
        Kind::Class => 0.9,
        Kind::Topic => 0.85,
        Kind::Comparison => 0.7,
    }
}

/// The page that an entry of the search stands for.
fn route(guide: &Guide, file: &str) -> Option<Route> {
    let name = match file {
        "index.html" => "home",
        other => other.strip_suffix("/index.html")?,
    };
    match guide.resolve(name) {
        Ok(Target::Page { route, .. }) => route,
        _ => None,
    }
}

/// A count for arithmetic. Counts of words and pages are small.
#[allow(clippy::cast_precision_loss)]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_written_to_a_word_is_a_word_of_its_own() {
        assert_eq!(
            words("HTTP/1.1 404 Not Found"),
            ["http", "1", "1", "404", "not", "found"]
        );
        assert_eq!(words("404error"), ["404", "error"]);
        assert_eq!(words("http502"), ["http", "502"]);
        assert_eq!(words("4xx, can't"), ["4xx", "cant"]);
        assert_eq!(words("h2 utf8 ١٢٣"), ["h2", "utf8", "١٢٣"]);
    }

    #[test]
    fn a_slip_of_the_finger_is_near_and_another_word_is_not() {
        assert!(likeness("forbiden", "forbidden") > 0.0);
        assert!(likeness("teapto", "teapot") > 0.0);
        assert!(likeness("time", "timeout") > likeness("timeuot", "timeout"));
        for (word, here) in [
            ("found", "gone"),
            ("404", "405"),
            ("ok", "of"),
            ("", "gone"),
        ] {
            assert!(likeness(word, here) <= 0.0, "{word} {here}");
        }
    }
}
