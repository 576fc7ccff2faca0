//! Owns: what can stand in the front matter of each kind of page, and in
//! `site.toml`, `fields.toml` and `changes.toml`: the keys, in order, and the
//! typed facts that come out of them.
//!
//! Must not: know where a file is, or compare it with others.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Rule, printable};
use crate::load::facts::{
    Change, Choice, ClassFacts, CodeFacts, ComparisonFacts, Date, Goal, PageFacts, Question,
    SiteFacts, TopicFacts,
};
use crate::load::front_matter::{Facts, Key, Located};
use crate::status::{Specification, StatusCode};

/// The keys of each kind of page in the order in which they stand there, and
/// how the value of each looks. `fmt` puts them in this order.
pub(super) const CODE_KEYS: &[Key] = &[
    ("code", "404"),
    ("phrase", "\"Not Found\""),
    (
        "summary",
        "\"The server has nothing to show at this address.\"",
    ),
    ("use_case", "\"No resource at this URL\""),
    ("registration", "\"standard\""),
    ("registration_expires", "2026-11-13"),
    ("specification", "\"RFC 9110 §15.5.5\""),
    ("sent_by", "[\"origin-server\", \"gateway\"]"),
    ("cacheable", "\"explicitly\""),
    ("cacheable_note", "\"Only if the response says so\""),
    ("content", "\"expected\""),
    ("content_note", "\"Say what is missing\""),
    ("required_fields", "[\"WWW-Authenticate\"]"),
    ("useful_fields", "[\"Cache-Control\", \"Content-Type\"]"),
    ("retry", "\"never\""),
    ("retry_note", "\"Correct the URL first\""),
    ("ask", "[\"developer\"]"),
    ("method_on_redirect", "\"kept\""),
    (
        "former_names",
        "[{ phrase = \"Payload Too Large\", source = \"RFC 7231 §6.5.11\" }]",
    ),
    ("topics", "[\"caching\"]"),
    ("related", "[403, 410]"),
    ("search", "[\"broken link\", \"missing page\"]"),
    ("aliases", "[\"old-name\"]"),
    ("checked", "2026-11-22"),
    (
        "meanings",
        "[{ by = \"nginx\", seen = \"in-logs\", says = \"…\", source = \"https://…\", checked = 2026-11-22 }]",
    ),
];
pub(super) const CLASS_KEYS: &[Key] = &[
    ("class", "\"4xx\""),
    ("name", "\"Client Error\""),
    ("summary", "\"The server says that the request is wrong.\""),
    ("specification", "\"RFC 9110 §15.5\""),
    ("aliases", "[\"old-name\"]"),
    ("checked", "2026-11-22"),
];
pub(super) const COMPARISON_KEYS: &[Key] = &[
    ("codes", "[401, 403]"),
    ("rule", "\"Send 401 to strangers, and 403 to all others.\""),
    (
        "summary",
        "\"401 asks who you are; 403 refuses whoever you are.\"",
    ),
    ("search", "[\"authentication or authorization\"]"),
    ("aliases", "[\"old-name\"]"),
    ("checked", "2026-11-22"),
];
pub(super) const TOPIC_KEYS: &[Key] = &[
    ("title", "\"Caching\""),
    ("summary", "\"Which responses a cache may keep.\""),
    ("fields", "[\"Cache-Control\", \"Age\"]"),
    ("search", "[\"cdn\", \"ttl\"]"),
    ("aliases", "[\"topics/old-name\"]"),
    ("checked", "2026-11-22"),
];
pub(super) const PAGE_KEYS: &[Key] = &[
    ("title", "\"Best practices\""),
    ("summary", "\"How to use status codes well.\""),
    ("topic", "\"HTTP\""),
    ("topics", "[\"caching\"]"),
    ("search", "[\"guidelines\"]"),
    ("shows", "\"first-aid\""),
    ("aliases", "[\"old-name\"]"),
    ("checked", "2026-11-22"),
    (
        "questions",
        "[{ id = \"start\", ask = \"…?\", answers = [{ say = \"…\", send = 404 }] }]",
    ),
];
pub(super) const SITE_KEYS: &[Key] = &[
    ("title", "\"HTTP Status Codes Explained\""),
    ("language", "\"en\""),
    (
        "description",
        "\"Every HTTP status code, and what to do when you get it.\"",
    ),
    ("breadcrumb_root", "\"Guides\""),
    ("breadcrumb_home", "\"HTTP Status Codes\""),
    (
        "breadcrumb_root_url",
        "\"https://wiki.example.com/guides/\"",
    ),
    (
        "navigation",
        "[{ text = \"All codes\", page = \"reference\" }]",
    ),
    ("book", "[\"best-practices\"]"),
    ("footer", "\"Text under CC BY 4.0.\""),
    ("base_url", "\"https://docs.example.com/status/\""),
    (
        "repository",
        "\"https://github.com/example/http-status-codes\"",
    ),
    ("branch", "\"main\""),
    ("overlay", "\"../our-rules\""),
    ("offline", "false"),
];
pub(super) const CHANGES_KEYS: &[Key] = &[(
    "changes",
    "[{ id = \"new-page\", date = 2026-11-22, title = \"…\", what = \"…\", pages = [\"404\"] }]",
)];

/// The most questions of a page. The ways through them are searched for step by
/// step, and nobody would find out of more.
const MOST_QUESTIONS: usize = 200;

/// `site.toml`, or `None` if something is missing.
pub(super) fn read_site(facts: &mut Facts<'_>) -> Option<SiteFacts> {
    let title = facts.required::<String>("title");
    let language = facts.required::<String>("language");
    if let Some(tag) = &language
        && !is_language(&tag.value)
    {
        facts.error(
            Rule::InvalidValue,
            tag.span.clone(),
            format!(
                "`{}` is no language tag, which browsers and screen readers need",
                tag.value
            ),
            "write the short form: `language = \"en\"`, or \"de\", \"pt-BR\" (BCP 47)",
        );
    }
    let description = facts.required::<String>("description");
    let breadcrumb_root = facts.required::<String>("breadcrumb_root");
    let breadcrumb_home = facts.required::<String>("breadcrumb_home");
    let breadcrumb_root_url = facts.optional("breadcrumb_root_url");
    let navigation = facts.list("navigation");
    let book = facts.optional_list("book");
    let footer = facts.required::<String>("footer");
    let base_url = facts.optional("base_url");
    let repository = facts.optional::<String>("repository");
    let branch = facts.optional("branch");
    let offline = facts.value("offline");
    facts.check(
        breadcrumb_root_url.as_ref(),
        is_address,
        "write an address, like \"https://wiki.example.com/guides/\"",
    );
    if let Some(address) = &repository
        && !(address.value.starts_with("https://") && is_address(&address.value))
    {
        let path = address.value.trim_start_matches("http://");
        let path = printable(path.trim_start_matches("github.com/"));
        facts.error(
            Rule::InvalidValue,
            address.span.clone(),
            "the repository is an address: the \"Edit this page\" links begin with it",
            format!("write `repository = \"https://github.com/{path}\"`"),
        );
    }
    facts.check(
        branch.as_ref(),
        is_branch,
        "write the name of a branch, like \"main\"",
    );
    let overlay = facts.optional("overlay");
    Some(SiteFacts {
        title: title?.value,
        language: language?.value,
        description: description?.value,
        breadcrumb_root: breadcrumb_root?.value,
        breadcrumb_home: breadcrumb_home?.value,
        breadcrumb_root_url: breadcrumb_root_url.map(|it: Located<String>| it.value),
        navigation,
        book,
        footer: footer?.value,
        base_url,
        repository: repository.map(|r| r.value.trim_end_matches('/').to_owned()),
        branch: branch.map_or_else(|| "main".to_owned(), |it: Located<String>| it.value),
        offline: offline.unwrap_or(true),
        overlay,
    })
}

/// Whether `text` has the form of a language tag: `en`, `pt-BR`.
fn is_language(text: &str) -> bool {
    text.split('-').enumerate().all(|(at, part)| {
        let length = if at == 0 { 2..=3 } else { 1..=8 };
        length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// `fields.toml`: where each field is defined.
pub(super) fn read_fields(facts: &mut Facts<'_>) -> BTreeMap<String, Specification> {
    let mut fields = BTreeMap::new();
    for name in facts.keys() {
        let Some(located) = facts.optional(&name) else {
            continue;
        };
        // RFC 9110 §5.6.2
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_token) {
            facts.error(
                Rule::InvalidValue,
                located.span.clone(),
                format!(
                    "`{}` is no name of a field: it has letters, digits and hyphens, and no space",
                    printable(&name)
                ),
                "write it like `\"Retry-After\" = \"RFC 9110 §10.2.3\"`",
            );
        }
        fields.insert(name, located.value);
    }
    fields
}

/// `changes.toml`.
pub(super) fn read_changes(facts: &mut Facts<'_>) -> Vec<Change> {
    let changes: Vec<Located<RawChange>> = facts.optional_list("changes");
    (changes.into_iter())
        .map(|change| change.value.located(facts))
        .collect()
}

/// A page of `codes/`.
pub(super) fn read_code(facts: &mut Facts<'_>) -> Option<CodeFacts> {
    facts.check_texts(no_formula);
    let code = facts.required("code");
    let phrase = facts.required::<String>("phrase");
    let summary = facts.sentence("summary");
    let use_case = facts.sentence("use_case");
    let registration = facts.required("registration");
    let registration_expires = facts.value("registration_expires");
    let specification = facts.optional("specification");
    let sent_by = facts.required("sent_by");
    let cacheable = facts.required("cacheable");
    let cacheable_note = facts.value("cacheable_note");
    let content = facts.required("content");
    let content_note = facts.value("content_note");
    let required_fields = facts.list("required_fields");
    let useful_fields = facts.list("useful_fields");
    let retry = facts.required("retry");
    let retry_note = facts.value("retry_note");
    let ask = facts.required("ask");
    let method_on_redirect = facts.optional("method_on_redirect");
    let former_names = facts.list("former_names");
    let topics = facts.list("topics");
    let related = facts.list("related");
    let search = facts.optional_list("search");
    let checked = facts.required("checked");
    let meanings = facts.optional_list("meanings");
    Some(CodeFacts {
        code: code?,
        phrase: phrase?.value,
        summary: summary?,
        use_case: use_case?,
        registration: registration?,
        registration_expires,
        specification,
        sent_by: sent_by?.value,
        cacheable: cacheable?,
        cacheable_note,
        content: content?,
        content_note,
        required_fields,
        useful_fields,
        retry: retry?.value,
        retry_note,
        ask: ask?.value,
        method_on_redirect,
        former_names: former_names.into_iter().map(|name| name.value).collect(),
        topics,
        related,
        search,
        checked: checked?.value,
        meanings,
    })
}

/// A page of `classes/`.
pub(super) fn read_class(facts: &mut Facts<'_>) -> Option<ClassFacts> {
    let class = facts.required("class");
    let name = facts.required::<String>("name");
    let summary = facts.sentence("summary");
    let specification = facts.required("specification");
    let checked = facts.required("checked");
    Some(ClassFacts {
        class: class?,
        name: name?.value,
        summary: summary?,
        specification: specification?.value,
        checked: checked?.value,
    })
}

/// A page of `compare/`.
pub(super) fn read_comparison(facts: &mut Facts<'_>) -> Option<ComparisonFacts> {
    let codes = facts.list("codes");
    let rule = facts.sentence("rule");
    let summary = facts.sentence("summary");
    let search = facts.optional_list("search");
    let checked = facts.required("checked");
    Some(ComparisonFacts {
        codes,
        rule: rule?,
        summary: summary?,
        search,
        checked: checked?.value,
    })
}

/// A page of `topics/`.
pub(super) fn read_topic(facts: &mut Facts<'_>) -> Option<TopicFacts> {
    let title = facts.required::<String>("title");
    let summary = facts.sentence("summary");
    let fields = facts.list("fields");
    let search = facts.optional_list("search");
    let checked = facts.required("checked");
    Some(TopicFacts {
        title: title?.value,
        summary: summary?,
        fields,
        search,
        checked: checked?.value,
    })
}

/// A page of `pages/`.
pub(super) fn read_page(facts: &mut Facts<'_>) -> Option<PageFacts> {
    let title = facts.required::<String>("title");
    let summary = facts.sentence("summary");
    let topic = facts.value("topic");
    let topics = facts.optional_list("topics");
    let search = facts.optional_list("search");
    let shows = facts.value("shows");
    let checked = facts.required("checked");
    let questions: Vec<Located<RawQuestion>> = facts.optional_list("questions");
    if let Some(more) = questions.get(MOST_QUESTIONS) {
        let message = format!("a page asks at most {MOST_QUESTIONS} questions");
        facts.error(
            Rule::Decision,
            more.span.clone(),
            message,
            "make two pages of it",
        );
    }
    let questions = (questions.into_iter().take(MOST_QUESTIONS))
        .map(|question| question.value)
        .map(|question| question.located(facts))
        .collect();
    Some(PageFacts {
        title: title?.value,
        summary: summary?,
        topic,
        topics,
        search,
        shows,
        questions,
        checked: checked?.value,
    })
}

/// A change as it stands in `changes.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChange {
    id: Spanned<String>,
    date: Spanned<Date>,
    title: String,
    what: String,
    pages: Vec<Spanned<String>>,
}

impl RawChange {
    fn located(self, facts: &Facts<'_>) -> Change {
        Change {
            id: located(facts, self.id),
            date: located(facts, self.date),
            title: self.title,
            what: self.what,
            pages: (self.pages.into_iter())
                .map(|page| located(facts, page))
                .collect(),
        }
    }
}

/// A value that serde found, with its place in the file.
fn located<T>(facts: &Facts<'_>, value: Spanned<T>) -> Located<T> {
    Located {
        span: facts.place(value.span()),
        value: value.into_inner(),
    }
}

/// A question as it stands in front matter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    id: Spanned<String>,
    ask: String,
    help: Option<String>,
    answers: Vec<Spanned<RawChoice>>,
}

/// An answer as it stands in front matter.
#[derive(Deserialize)]
#[serde(try_from = "RawGoal")]
struct RawChoice(Choice);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGoal {
    say: String,
    to: Option<String>,
    send: Option<StatusCode>,
}

impl TryFrom<RawGoal> for RawChoice {
    type Error = &'static str;

    fn try_from(raw: RawGoal) -> Result<Self, Self::Error> {
        let goal = match (raw.to, raw.send) {
            (Some(question), None) => Goal::Ask(question),
            (None, Some(code)) => Goal::Send(code),
            _ => return Err("an answer leads `to` a question or says which code to `send`"),
        };
        Ok(Self(Choice { say: raw.say, goal }))
    }
}

impl RawQuestion {
    fn located(self, facts: &Facts<'_>) -> Question {
        let answers = self.answers.into_iter().map(|answer| Located {
            span: facts.place(answer.span()),
            value: answer.into_inner().0,
        });
        Question {
            ask: self.ask,
            help: self.help,
            answers: answers.collect(),
            id: located(facts, self.id),
        }
    }
}

/// The facts of codes are published as a table, and a spreadsheet calculates
/// what begins so. Putting a quotation mark before it there would give programs
/// another fact than the page has.
fn no_formula(text: &str) -> Option<(Rule, String, &'static str)> {
    text.starts_with(['=', '+', '-', '@']).then(|| {
        let message = "a spreadsheet that opens codes.csv would calculate this text";
        (
            Rule::InvalidValue,
            message.to_owned(),
            "begin it with a letter, a digit or a quotation mark",
        )
    })
}

/// Whether `text` is an address on the web that can stand anywhere: in an
/// attribute, in Markdown, in a header.
pub(super) fn is_address(text: &str) -> bool {
    let rest = (text.strip_prefix("https://")).or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\^`{|}".contains(c);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_alphanumeric() || c == '[') && rest.chars().all(plain)
    })
}

/// Whether `text` can be the name of a branch in an address.
pub(super) fn is_branch(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-._/".contains(c);
    !text.is_empty() && text.chars().all(plain) && !text.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_well_and_a_time_is_refused() {
        #[derive(Deserialize)]
        struct Day {
            day: Date,
        }
        let day: Day = toml::from_str("day = 2026-11-02").unwrap();
        assert_eq!(day.day.to_string(), "2 November 2026");
        assert_eq!(day.day.iso(), "2026-11-02");
        assert!(toml::from_str::<Day>("day = 2026-11-02T10:00:00Z").is_err());
        assert!(toml::from_str::<Day>("day = 2026-02-30").is_err());
    }
}
