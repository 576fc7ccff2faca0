//! Owns: what the templates of single pages see: home, the index, the page for
//! misses, and the pages that show something made from the typed facts.
//!
//! Must not: turn views into bytes, or decide what pages there are.

use askama::Template;

use crate::diagnostic::Rule;
use crate::load::content::Document;
use crate::load::decisions;
use crate::load::facts::{Change, Choice, CodeFacts, Goal, PageFacts, Question, Shows};
use crate::load::front_matter::Located;
use crate::load::guide::{Guide, REFERENCE, Target};
use crate::render::views::{ClassGroup, CodeLink, ComparisonLink, Frame, Link, Totals};
use crate::route::Route;
use crate::status::{Cacheability, MethodKind, Registration, Retry, StatusCode};
use crate::text::markdown::{Body, Section};

/// The home page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomeView<'g> {
    frame: Frame<'g>,
    summary: &'g str,
    topic: &'g str,
    minutes: usize,
    groups: Vec<ClassGroup<'g>>,
    comparisons: Vec<ComparisonLink<'g>>,
    body: &'g Body,
}

/// The index of all codes.
#[derive(Template)]
#[template(path = "reference.html")]
pub struct ReferenceView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    groups: Vec<ClassGroup<'g>>,
    states: [Registration; 4],
    lifetimes: &'static [Cacheability],
    retries: &'static [Retry],
    body: &'g Body,
}

impl ReferenceView<'_> {
    fn topics(&self) -> impl Iterator<Item = (&str, &str)> {
        let topics = self.frame.guide.topics.values();
        topics.map(|d| (d.slug.as_str(), d.facts.title.as_str()))
    }

    fn total(&self) -> usize {
        self.frame.guide.codes.len()
    }

    /// The ids of a code's topics, for the filter.
    fn topic_ids(facts: &CodeFacts) -> String {
        names(&facts.topics).join(" ")
    }

    /// The titles of a code's topics.
    fn categories(&self, facts: &CodeFacts) -> String {
        let links = self.frame.topic_links(&facts.topics);
        let titles: Vec<String> = links.into_iter().map(|link| link.text).collect();
        titles.join(", ")
    }
}

/// The host's page for misses.
#[derive(Template)]
#[template(path = "not_found.html")]
pub struct NotFoundView<'g> {
    frame: Frame<'g>,
    title: &'g str,
    groups: Vec<ClassGroup<'g>>,
    body: &'g Body,
}

/// Any other page.
#[derive(Template)]
#[template(path = "page.html")]
pub struct PageView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    body: &'g Body,
}

/// A question and where its answers lead.
pub struct QuestionView<'g> {
    id: &'g str,
    ask: &'g str,
    help: Option<&'g str>,
    answers: Vec<AnswerView<'g>>,
}

/// An answer: what it says, the fragment that it leads to, and the code that
/// ends the way.
pub struct AnswerView<'g> {
    say: &'g str,
    href: String,
    code: Option<CodeLink<'g>>,
}

/// A code that the questions lead to.
pub struct LeafView<'g> {
    section: &'g Section,
    code: CodeLink<'g>,
    /// The names of the fields that go with it; its page links them.
    required: Vec<&'g str>,
    useful: Vec<&'g str>,
    /// The ways: each question's fragment, and the answer to it.
    ways: Vec<Vec<(&'g str, &'g str)>>,
}

/// The decision tree.
#[derive(Template)]
#[template(path = "decisions.html")]
pub struct DecisionsView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    questions: Vec<QuestionView<'g>>,
    leaves: Vec<LeafView<'g>>,
    /// The sections of the text that are no leaf.
    others: Vec<&'g Section>,
    body: &'g Body,
}

/// How the fragments begin of the sections that tell how to send a code.
pub const LEAF: &str = "send-";

/// The fragment of the section that tells how to send `code`.
pub fn leaf_id(code: StatusCode) -> String {
    format!("{LEAF}{code}")
}

impl<'g> DecisionsView<'g> {
    fn new(guide: &'g Guide, frame: Frame<'g>, facts: &'g PageFacts, body: &'g Body) -> Self {
        let questions = facts.questions.as_slice();
        let link = |code: &StatusCode| guide.codes.get(code).map(|d| frame.code_link(d));
        let answer = |choice: &'g Choice| AnswerView {
            say: &choice.say,
            href: match &choice.goal {
                Goal::Ask(id) => format!("#{id}"),
                Goal::Send(code) => format!("#{}", leaf_id(*code)),
            },
            code: match &choice.goal {
                Goal::Ask(_) => None,
                Goal::Send(code) => link(code),
            },
        };
        let ways = decisions::ways(questions);
        let leaves = ways.iter().filter_map(|(code, ways)| {
            let document = guide.codes.get(code)?;
            let id = leaf_id(*code);
            let step = |step: &decisions::Step| {
                let question: &Question = &questions[step.question];
                let answer = &question.answers[step.answer].value;
                (question.id.value.as_str(), answer.say.as_str())
            };
            Some(LeafView {
                section: body.sections.iter().find(|section| section.id == id)?,
                code: frame.code_link(document),
                required: names(&document.facts.required_fields),
                useful: names(&document.facts.useful_fields),
                ways: (ways.iter())
                    .map(|way| way.iter().map(step).collect())
                    .collect(),
            })
        });
        let leaves: Vec<_> = leaves.collect();
        let is_leaf = |section: &Section| leaves.iter().any(|leaf| leaf.section.id == section.id);
        Self {
            questions: (questions.iter())
                .map(|question| QuestionView {
                    id: &question.id.value,
                    ask: &question.ask,
                    help: question.help.as_deref(),
                    answers: (question.answers.iter())
                        .map(|choice| answer(&choice.value))
                        .collect(),
                })
                .collect(),
            others: (body.sections.iter())
                .filter(|section| !is_leaf(section))
                .collect(),
            leaves,
            facts,
            body,
            frame,
        }
    }
}

/// What to do with each code.
#[derive(Template)]
#[template(path = "first_aid.html")]
pub struct FirstAidView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    groups: Vec<ClassGroup<'g>>,
    body: &'g Body,
}

/// Whether to repeat a request.
#[derive(Template)]
#[template(path = "retry_rules.html")]
pub struct RetryRulesView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    groups: Vec<ClassGroup<'g>>,
    kinds: &'static [MethodKind],
    body: &'g Body,
}

/// All registered codes on one printed page.
#[derive(Template)]
#[template(path = "cheat_sheet.html")]
pub struct CheatSheetView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    groups: Vec<ClassGroup<'g>>,
    body: &'g Body,
}

/// All topics.
#[derive(Template)]
#[template(path = "topics.html")]
pub struct TopicsView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    /// Each topic, its sentence, and its codes.
    topics: Vec<(Link, &'g str, Vec<CodeLink<'g>>)>,
    body: &'g Body,
}

/// What the guide counts of itself, and the rules that it is built under.
#[derive(Template)]
#[template(path = "facts.html")]
pub struct FactsView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    totals: Totals,
    registered: usize,
    vendors: usize,
    comparisons: usize,
    topics: usize,
    rules: &'static [Rule],
    body: &'g Body,
}

/// A change to the content, and the pages that it is about.
pub struct ChangeView<'g> {
    change: &'g Change,
    pages: Vec<Link>,
}

/// What changed in the content.
#[derive(Template)]
#[template(path = "changes.html")]
pub struct ChangesView<'g> {
    frame: Frame<'g>,
    facts: &'g PageFacts,
    changes: Vec<ChangeView<'g>>,
    body: &'g Body,
}

impl<'g> ChangesView<'g> {
    fn new(guide: &'g Guide, frame: Frame<'g>, facts: &'g PageFacts, body: &'g Body) -> Self {
        let link = |page: &'g Located<String>| {
            let Ok(Target::Page {
                route: Some(route),
                title,
                ..
            }) = guide.resolve(&page.value)
            else {
                return None;
            };
            let text = title.unwrap_or_else(|| page.value.clone());
            Some(match &route {
                Route::Code(code) => frame.code_link(guide.codes.get(code)?).into(),
                _ => Link::new(frame.link(&route), text),
            })
        };
        Self {
            changes: (guide.changes.iter())
                .map(|change| ChangeView {
                    change,
                    pages: change.pages.iter().filter_map(link).collect(),
                })
                .collect(),
            facts,
            body,
            frame,
        }
    }
}

/// A document of `pages/` as the page that its name makes it.
pub enum AnyPage<'g> {
    /// `pages/home.md`
    Home(HomeView<'g>),
    /// `pages/reference.md`
    Reference(ReferenceView<'g>),
    /// `pages/not-found.md`
    NotFound(NotFoundView<'g>),
    /// A page that shows decisions.
    Decisions(DecisionsView<'g>),
    /// A page that shows what to do.
    FirstAid(FirstAidView<'g>),
    /// A page that shows whether to repeat.
    RetryRules(RetryRulesView<'g>),
    /// A page for the wall.
    CheatSheet(CheatSheetView<'g>),
    /// A page that shows all topics.
    Topics(TopicsView<'g>),
    /// A page that shows counts and rules.
    Facts(FactsView<'g>),
    /// A page that shows what changed.
    Changes(ChangesView<'g>),
    /// All others.
    Page(PageView<'g>),
}

impl<'g> AnyPage<'g> {
    /// The view of `document`.
    pub fn new(
        guide: &'g Guide,
        totals: &Totals,
        document: &'g Document<PageFacts>,
        body: &'g Body,
    ) -> Self {
        let facts = &document.facts;
        let slug = document.slug.as_str();
        let route = Guide::page_route(slug);
        let mut frame = Frame::new(
            guide,
            route.clone(),
            facts.title.clone(),
            &facts.summary.value,
            facts.checked,
            guide.edit_link(document),
        );
        let title = facts.title.as_str();
        let summary = facts.summary.value.as_str();
        if route == Route::Home {
            if let Some((href, _)) = frame.crumbs.last_mut() {
                *href = None;
            }
        } else {
            frame.crumb(title);
        }
        frame.has_rail = matches!(route, Route::Page(_)) && slug != REFERENCE;
        match route {
            Route::Home => {
                frame.styles = &["home.css"];
                Self::Home(HomeView {
                    summary,
                    topic: facts.topic.as_deref().unwrap_or_default(),
                    minutes: body.minutes(),
                    groups: frame.class_groups(),
                    comparisons: guide
                        .comparisons
                        .values()
                        .map(|d| frame.comparison_link(d))
                        .collect(),
                    body,
                    frame,
                })
            }
            Route::NotFound => {
                frame.scripts = &["not-found.js"];
                Self::NotFound(NotFoundView {
                    title,
                    groups: frame.class_groups(),
                    body,
                    frame,
                })
            }
            _ if slug == REFERENCE => {
                frame.scripts = &["reference.js"];
                frame.styles = &["tables.css", "reference.css"];
                Self::Reference(ReferenceView {
                    title,
                    groups: frame.class_groups(),
                    states: Registration::REGISTERED,
                    lifetimes: Cacheability::ALL,
                    retries: Retry::ALL,
                    body,
                    frame,
                })
            }
            _ => Self::other(guide, totals, frame, facts, body),
        }
    }

    fn other(
        guide: &'g Guide,
        totals: &Totals,
        mut frame: Frame<'g>,
        facts: &'g PageFacts,
        body: &'g Body,
    ) -> Self {
        match facts.shows {
            Some(Shows::Decisions) => {
                frame.scripts = &["choose.js"];
                frame.styles = &["choose.css"];
                Self::Decisions(DecisionsView::new(guide, frame, facts, body))
            }
            // Failures first: nobody comes here because something went well.
            Some(Shows::FirstAid) => {
                frame.styles = &["tables.css"];
                Self::FirstAid(FirstAidView {
                    groups: frame.class_groups().into_iter().rev().collect(),
                    facts,
                    body,
                    frame,
                })
            }
            Some(Shows::RetryRules) => {
                frame.styles = &["tables.css"];
                Self::RetryRules(RetryRulesView {
                    groups: frame.class_groups().into_iter().rev().collect(),
                    kinds: MethodKind::ALL,
                    facts,
                    body,
                    frame,
                })
            }
            Some(Shows::CheatSheet) => {
                frame.has_rail = false;
                frame.styles = &["cheat-sheet.css"];
                Self::CheatSheet(CheatSheetView {
                    groups: frame.class_groups(),
                    facts,
                    body,
                    frame,
                })
            }
            Some(Shows::Topics) => {
                frame.styles = &["topics.css"];
                Self::Topics(TopicsView {
                    topics: (guide.topics.values())
                        .map(|d| {
                            let codes = guide.codes_about(&d.slug);
                            (
                                frame.topic_link(d),
                                d.facts.summary.value.as_str(),
                                codes.map(|d| frame.code_link(d)).collect(),
                            )
                        })
                        .collect(),
                    facts,
                    body,
                    frame,
                })
            }
            Some(Shows::Facts) => {
                frame.styles = &["facts.css"];
                let codes = guide.codes.values();
                let registered = codes.filter(|d| d.facts.is_registered()).count();
                Self::Facts(FactsView {
                    totals: *totals,
                    registered,
                    vendors: guide.codes.len() - registered,
                    comparisons: guide.comparisons.len(),
                    topics: guide.topics.len(),
                    rules: Rule::ALL,
                    facts,
                    body,
                    frame,
                })
            }
            Some(Shows::Changes) => Self::Changes(ChangesView::new(guide, frame, facts, body)),
            None => {
                frame.contents(body);
                Self::Page(PageView { frame, facts, body })
            }
        }
    }
}

fn names(fields: &[Located<String>]) -> Vec<&str> {
    fields.iter().map(|field| field.value.as_str()).collect()
}
