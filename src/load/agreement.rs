//! Owns: what the facts of a guide must agree on: with the registry, with the
//! other facts of their page, and with other pages. Each rule is a function.
//!
//! Must not: change what the guide says. It only notes the names of pages that
//! must be there and are not, so that links to them are no second error.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, SourceFile, Span, nearest};
use crate::load::content::{CHANGES, Document, FIELDS, Folder};
use crate::load::decisions;
use crate::load::facts::{CodeFacts, ComparisonFacts, Date, Goal, Meaning, PageFacts, Shows};
use crate::load::front_matter::Located;
use crate::load::guide::{
    Guide, HOME, NOT_FOUND, PLAIN_BRACKETS, REFERENCE, Target, check_name, comparison_name,
};
use crate::load::keys::is_address;
use crate::route::Route;
use crate::status::{
    Cacheability, Class, Contact, ContentRule, Registration, Retry, Seen, Sender, StatusCode,
};

/// The most words of a code's sentence, of its use case, and of a rule.
const SUMMARY_WORDS: usize = 25;
const USE_CASE_WORDS: usize = 15;
const RULE_WORDS: usize = 40;
/// The most words of what a vendor means by a number, and of an answer to a
/// question.
const MEANING_WORDS: usize = 30;
const ANSWER_WORDS: usize = 25;

/// Reports what does not agree.
pub(super) fn check(guide: &mut Guide, diagnostics: &mut Diagnostics) {
    check_missing(guide, diagnostics);
    check_site(guide, diagnostics);
    check_addresses(guide, diagnostics);
    for document in guide.codes.values() {
        check_code(guide, document, diagnostics);
    }
    for document in guide.classes.values() {
        let class = &document.facts.class;
        check_name(&document.slug, class.value.slug(), &class.span, diagnostics);
        check_words(&document.facts.summary, SUMMARY_WORDS, diagnostics);
    }
    for document in guide.comparisons.values() {
        check_comparison(guide, document, diagnostics);
    }
    for document in guide.topics.values() {
        check_words(&document.facts.summary, SUMMARY_WORDS, diagnostics);
        check_fields(guide, &document.facts.fields, diagnostics);
    }
    for document in guide.pages.values() {
        check_page(guide, document, diagnostics);
    }
    check_changes(guide, diagnostics);
}

fn check_code(guide: &Guide, document: &Document<CodeFacts>, diagnostics: &mut Diagnostics) {
    let facts = &document.facts;
    let code = facts.code.value;
    check_words(&facts.summary, SUMMARY_WORDS, diagnostics);
    check_words(&facts.use_case, USE_CASE_WORDS, diagnostics);
    let mut contradiction = |span: &Span, message: String, help: &str| {
        diagnostics.push(Diagnostic::new(Rule::Contradiction, span.clone(), message).help(help));
    };
    let heuristic = facts.cacheable.value == Cacheability::Heuristically;
    if heuristic != code.heuristically_cacheable() {
        let message = if heuristic {
            format!("the definition of {code} does not make it heuristically cacheable")
        } else {
            format!("the definition of {code} makes it heuristically cacheable")
        };
        contradiction(
            &facts.cacheable.span,
            message,
            if heuristic {
                "write `cacheable = \"explicitly\"` or \"never\"; only the codes listed in RFC 9110 §15.1, and 451 (RFC 7725 §3), are \"heuristically\""
            } else {
                "write `cacheable = \"heuristically\"`: RFC 9110 §15.1 lists it (451: RFC 7725 §3)"
            },
        );
    }
    let none = facts.content.value == ContentRule::None;
    if none != code.forbids_content() {
        let message = if none {
            format!("a {code} response can have content")
        } else {
            format!("a {code} response has no content")
        };
        contradiction(
            &facts.content.span,
            message,
            if none {
                "write `content = \"expected\"` or \"optional\"; only 1xx, 204, 205 and 304 have none (RFC 9110 §6.4.1, §15.3.6)"
            } else {
                "write `content = \"none\"` (RFC 9110 §6.4.1; 205: §15.3.6)"
            },
        );
    }
    let temporary = facts.registration.value == Registration::Temporary;
    if temporary != facts.registration_expires.is_some() {
        contradiction(
            &facts.registration.span,
            if temporary {
                "a temporary registration ends on a day, and nothing says on which".into()
            } else {
                "only a temporary registration has a day on which it ends".into()
            },
            if temporary {
                "add the day that the IANA registry names: `registration_expires = 2026-11-13`"
            } else {
                "write `registration = \"temporary\"`, or delete `registration_expires`"
            },
        );
    }
    if let Some(method) = &facts.method_on_redirect
        && code.class() != Class::Redirection
    {
        contradiction(
            &method.span,
            format!("{code} is not a redirect"),
            "delete the line: `method_on_redirect` is for 3xx",
        );
    }
    if facts.sent_by.is_empty() && facts.registration.value != Registration::Reserved {
        contradiction(
            &facts.code.span,
            "`sent_by` is empty: nobody sends this code".into(),
            "write `sent_by = [\"origin-server\"]`, or any of gateway, proxy, interception-proxy, client-library, log-only",
        );
    }
    if facts.ask.is_empty() || (facts.ask.len() > 1 && facts.ask.contains(&Contact::Nobody)) {
        contradiction(
            &facts.code.span,
            "`ask` names those who can put it right, or nobody".into(),
            "write `ask = [\"service\"]` or `ask = [\"nobody\"]`",
        );
    }
    if facts.retry_note.is_none() && facts.retry != Retry::NotNeeded {
        contradiction(
            &facts.code.span,
            "nothing says what to do before the request is sent again".into(),
            "add a line `retry_note = \"…\"`",
        );
    }

    check_registration(facts, diagnostics);
    check_topics(guide, &facts.topics, diagnostics);
    check_fields(guide, &facts.required_fields, diagnostics);
    check_fields(guide, &facts.useful_fields, diagnostics);
    let mut seen = BTreeSet::from([code]);
    for related in &facts.related {
        check_known(guide, related, diagnostics);
        if !seen.insert(related.value) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Duplicate,
                    related.span.clone(),
                    if related.value == code {
                        format!("this is the page about {code}, which cannot be related to itself")
                    } else {
                        format!("{} is in the list already", related.value)
                    },
                )
                .help("delete the number"),
            );
        }
    }
}

fn check_topics(guide: &Guide, topics: &[Located<String>], diagnostics: &mut Diagnostics) {
    for topic in topics {
        let name = Folder::Topics.name_of(&topic.value);
        if guide.topics.contains_key(&topic.value) || guide.unreadable.contains(&name) {
            continue;
        }
        let help = match nearest(&topic.value, guide.topics.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "delete it, or begin its page: status-guide new topic {}",
                topic.value
            ),
        };
        let message = format!("there is no topic `{}`", topic.value);
        diagnostics
            .push(Diagnostic::new(Rule::UnknownName, topic.span.clone(), message).help(help));
    }
}

fn check_fields(guide: &Guide, fields: &[Located<String>], diagnostics: &mut Diagnostics) {
    if guide.unreadable.contains(FIELDS) {
        return;
    }
    for field in fields {
        if !guide.fields.contains_key(&field.value) {
            let message = format!("`{}` is not in fields.toml", field.value);
            diagnostics.push(
                Diagnostic::new(Rule::UnknownName, field.span.clone(), message)
                    .help(guide.field_help(&field.value)),
            );
        }
    }
}

fn check_changes(guide: &Guide, diagnostics: &mut Diagnostics) {
    let mut ids = BTreeSet::new();
    let mut newer: Option<Date> = None;
    for change in &guide.changes {
        let (id, date) = (&change.id, &change.date);
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric());
        if id.value != id.value.to_lowercase() || !id.value.split('-').all(word) {
            let message = format!("`{}` makes no good fragment", id.value);
            diagnostics.push(
                Diagnostic::new(Rule::InvalidValue, id.span.clone(), message)
                    .help("use lower-case letters, digits and single hyphens"),
            );
        }
        if !ids.insert(&id.value) {
            let message = format!("there are two changes `{}`", id.value);
            diagnostics.push(
                Diagnostic::new(Rule::Duplicate, id.span.clone(), message)
                    .help("give the newer one another id; that of the older one is published"),
            );
        }
        if newer.is_some_and(|newer| newer < date.value) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Contradiction,
                    date.span.clone(),
                    "this change is newer than the one above it",
                )
                .help("put the newest change first"),
            );
        }
        newer = Some(date.value);
        for page in &change.pages {
            let (message, help) = match guide.resolve(&page.value) {
                // Without a route: the page is there, and has errors.
                Ok(Target::Page {
                    route:
                        None
                        | Some(
                            Route::Code(_)
                            | Route::Class(_)
                            | Route::Comparison(_)
                            | Route::Topic(_)
                            | Route::Page(_)
                            | Route::Home,
                        ),
                    fragment: None,
                    ..
                }) => continue,
                Ok(_) => (
                    format!("`{}` is not the name of a page", page.value),
                    "write it without a fragment: 404, 401-vs-403, topics/caching, best-practices"
                        .to_owned(),
                ),
                Err((message, help)) if help.starts_with(PLAIN_BRACKETS) => (
                    message,
                    "write the name of a page: 404, 401-vs-403, topics/caching, best-practices"
                        .to_owned(),
                ),
                Err(error) => error,
            };
            diagnostics.push(Diagnostic::new(Rule::Link, page.span.clone(), message).help(help));
        }
    }
}

fn check_page(guide: &Guide, document: &Document<PageFacts>, diagnostics: &mut Diagnostics) {
    let facts = &document.facts;
    check_words(&facts.summary, SUMMARY_WORDS, diagnostics);
    check_topics(guide, &facts.topics, diagnostics);
    if facts.questions.is_empty() == (facts.shows == Some(Shows::Decisions)) {
        diagnostics.push(
            Diagnostic::new(
                Rule::Contradiction,
                Span::start_of(&document.file),
                "a page that shows decisions, and no other, has questions",
            )
            .help("write `shows = \"decisions\"` and `[[questions]]`, or neither"),
        );
    }
    if facts.shows == Some(Shows::Changes)
        && guide.changes.is_empty()
        && !guide.unreadable.contains(CHANGES)
    {
        diagnostics.push(
            Diagnostic::new(
                Rule::Contradiction,
                Span::start_of(&document.file),
                "this page shows changes, and there are none",
            )
            .help("add `[[changes]]` to changes.toml, or delete `shows`"),
        );
    }
    decisions::check(&facts.questions, diagnostics);
    for answer in facts.questions.iter().flat_map(|q| &q.answers) {
        if let Goal::Send(code) = answer.value.goal {
            let code = Located {
                value: code,
                span: answer.span.clone(),
            };
            check_known(guide, &code, diagnostics);
        }
        let say = Located {
            value: answer.value.say.clone(),
            span: answer.span.clone(),
        };
        check_words(&say, ANSWER_WORDS, diagnostics);
    }
}

fn check_comparison(
    guide: &Guide,
    document: &Document<ComparisonFacts>,
    diagnostics: &mut Diagnostics,
) {
    let facts = &document.facts;
    check_words(&facts.rule, RULE_WORDS, diagnostics);
    check_words(&facts.summary, SUMMARY_WORDS, diagnostics);
    for code in &facts.codes {
        check_known(guide, code, diagnostics);
    }
    let name = comparison_name(facts);
    if facts.codes.len() < 2 {
        diagnostics.push(
            Diagnostic::new(
                Rule::Contradiction,
                Span::start_of(&document.file),
                "a comparison has at least two codes",
            )
            .help("write `codes = [401, 403]`"),
        );
    } else if document.slug != name {
        diagnostics.push(
            Diagnostic::new(
                Rule::Contradiction,
                facts.codes[0].span.clone(),
                format!(
                    "the codes make the name `{name}`, and the file is called `{}`",
                    document.slug
                ),
            )
            .help(format!("rename the file to {name}.md, or correct `codes`")),
        );
    }
}

fn check_known(guide: &Guide, code: &Located<StatusCode>, diagnostics: &mut Diagnostics) {
    if !guide.codes.contains_key(&code.value) && !guide.unreadable.contains(&code.value.to_string())
    {
        diagnostics.push(
            Diagnostic::new(
                Rule::UnknownName,
                code.span.clone(),
                format!("the guide has no page for {}", code.value),
            )
            .help(format!(
                "delete the number, or begin its page: status-guide new {}",
                code.value
            )),
        );
    }
}

/// Reports the pages that must be there and are not.
fn check_missing(guide: &mut Guide, diagnostics: &mut Diagnostics) {
    let mut absent = Vec::new();
    let mut missing = |name: String, slug: &str, why: &str| {
        let file = Arc::new(SourceFile {
            name: format!("content/{name}"),
            text: String::new(),
        });
        diagnostics.push(
            Diagnostic::new(
                Rule::FileMissing,
                Span::start_of(&file),
                format!("this page is missing: {why}"),
            )
            .help("`status-guide init DIR` writes a whole guide: copy the page from its content folder, and change it"),
        );
        absent.push(slug.to_owned());
    };
    for name in [HOME, NOT_FOUND, REFERENCE] {
        if !guide.pages.contains_key(name) && !guide.unreadable.contains(name) {
            missing(
                format!("pages/{name}.md"),
                name,
                match name {
                    NOT_FOUND => "the host shows it for addresses that do not exist",
                    _ => "every page links to it",
                },
            );
        }
    }
    for class in Class::ALL {
        let has_codes = guide.codes_of(class).next().is_some();
        if has_codes
            && !guide.classes.contains_key(&class)
            && !guide.unreadable.contains(class.slug())
        {
            missing(
                format!("classes/{class}.md"),
                class.slug(),
                "the guide has codes of this class, and they link to it",
            );
        }
    }
    guide.unreadable.extend(absent);
}

/// Checks the pages that `site.toml` names.
fn check_site(guide: &Guide, diagnostics: &mut Diagnostics) {
    for entry in &guide.site.navigation {
        if let Err((message, mut help)) = guide.resolve(&entry.value.page) {
            if help.starts_with(PLAIN_BRACKETS) {
                help = String::from(
                    "write the name of a page: 404, 4xx, topics/caching, best-practices",
                );
            }
            diagnostics.push(Diagnostic::new(Rule::Link, entry.span.clone(), message).help(help));
        }
    }
    for page in &guide.site.book {
        let name = page.value.as_str();
        if !guide.pages.contains_key(name) && !guide.unreadable.contains(name) {
            let help = match nearest(name, guide.pages.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add pages/{name}.md, or delete the name"),
            };
            let message = format!("`{name}` is not in pages/");
            diagnostics
                .push(Diagnostic::new(Rule::UnknownName, page.span.clone(), message).help(help));
        }
    }
}

/// Reports the pages whose address is that of a code, a class or a comparison.
fn check_addresses(guide: &Guide, diagnostics: &mut Diagnostics) {
    for document in guide.pages.values() {
        let slug = document.slug.as_str();
        let code = slug.parse::<StatusCode>().ok();
        let class = slug.parse::<Class>().ok();
        if code.is_none() && class.is_none() && !guide.comparisons.contains_key(slug) {
            continue;
        }
        let of_code = code
            .and_then(|code| guide.codes.get(&code))
            .map(|d| &d.file);
        let of_class = class
            .and_then(|class| guide.classes.get(&class))
            .map(|d| &d.file);
        let of_comparison = guide.comparisons.get(slug).map(|d| &d.file);
        let message = match of_code.or(of_class).or(of_comparison) {
            Some(other) => format!(
                "/{slug}/ is the address of another kind of page: {}",
                other.name
            ),
            None => format!("/{slug}/ belongs to another kind of page"),
        };
        diagnostics.push(
            Diagnostic::new(Rule::Duplicate, Span::start_of(&document.file), message)
                .help("give the file another name"),
        );
    }
}

/// Reports what does not fit to a code's being registered or not.
fn check_registration(facts: &CodeFacts, diagnostics: &mut Diagnostics) {
    for meaning in &facts.meanings {
        let says = Located {
            value: meaning.value.says.clone(),
            span: meaning.span.clone(),
        };
        check_words(&says, MEANING_WORDS, diagnostics);
    }
    let mut contradiction = |span: &Span, message: String, help: &str| {
        diagnostics.push(Diagnostic::new(Rule::Contradiction, span.clone(), message).help(help));
    };
    let code = facts.code.value;
    let registration = &facts.registration.span;
    match (&facts.specification, facts.is_registered()) {
        (None, true) => contradiction(
            registration,
            format!("{code} is registered, and nothing says by which document"),
            "add a line `specification = \"RFC 9110 §…\"`, or write `registration = \"vendor\"`",
        ),
        (Some(specification), false) => contradiction(
            &specification.span,
            format!("{code} is not registered, so that no specification defines it"),
            "delete the line, and give the source in a `[[meanings]]` block",
        ),
        _ => {}
    }
    if !facts.is_registered() && facts.meanings.is_empty() {
        contradiction(
            registration,
            format!("nothing says who uses {code}, and where that is written"),
            "add a block `[[meanings]]` with by, seen, says, source and checked",
        );
    }
    if facts.is_registered() && !code.is_valid() {
        contradiction(
            &facts.code.span,
            format!("{code} cannot be registered: valid codes end at 599 (RFC 9110 §15)"),
            "write `registration = \"vendor\"`",
        );
    }
    let in_logs = |meaning: &Located<Meaning>| meaning.value.seen == Seen::InLogs;
    if !facts.is_registered() && facts.sent_by == [Sender::LogOnly] {
        for meaning in facts.meanings.iter().filter(|meaning| !in_logs(meaning)) {
            contradiction(
                &meaning.span,
                format!(
                    "{} lets people meet {code} outside of logs",
                    meaning.value.by
                ),
                "add who sends it to `sent_by`, or write `seen = \"in-logs\"`",
            );
        }
    }
    for meaning in &facts.meanings {
        if !(meaning.value.source.starts_with("https://") && is_address(&meaning.value.source)) {
            contradiction(
                &meaning.span,
                "this source is no address".into(),
                "write `source = \"https://…\"`, the page that was opened",
            );
        }
    }
}

fn check_words(text: &Located<String>, most: usize, diagnostics: &mut Diagnostics) {
    let words = text.value.split_whitespace().count();
    if words > most {
        diagnostics.push(
            Diagnostic::new(
                Rule::TooLong,
                text.span.clone(),
                format!("this has {words} words; at most {most} fit here"),
            )
            .help("say one thing; the rest belongs in the text"),
        );
    }
}
