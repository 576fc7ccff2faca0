//! Owns: the decision tree of a page: that every question can be reached and
//! answered, and the shortest way to each code.
//!
//! Must not: know what the questions are, or how they are shown.

use std::collections::{BTreeMap, VecDeque};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule, nearest};
use crate::load::facts::{Goal, Question};
use crate::load::front_matter::Located;
use crate::status::StatusCode;

/// The most questions between a reader and a code.
const MOST_QUESTIONS: usize = 5;

/// An answer on the way to a code: the question's place in the list, and the
/// answer's place in the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which question.
    pub question: usize,
    /// Which answer.
    pub answer: usize,
}

/// The ways from the first question to each code that can be reached: one for
/// each answer that sends it, the shortest first.
pub fn ways(questions: &[Question]) -> BTreeMap<StatusCode, Vec<Vec<Step>>> {
    let mut found: BTreeMap<StatusCode, Vec<Vec<Step>>> = BTreeMap::new();
    let mut seen = vec![false; questions.len()];
    let mut queue = VecDeque::from([(0, Vec::new())]);
    while let Some((at, path)) = queue.pop_front() {
        let Some(question) = questions.get(at) else {
            continue;
        };
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        for (answer, choice) in question.answers.iter().enumerate() {
            let mut path: Vec<Step> = path.clone();
            path.push(Step {
                question: at,
                answer,
            });
            match &choice.value.goal {
                Goal::Send(code) => {
                    found.entry(*code).or_default().push(path);
                }
                Goal::Ask(id) => {
                    if let Some(next) = position(questions, id) {
                        queue.push_back((next, path));
                    }
                }
            }
        }
    }
    found
}

/// The place of the question `id` in the list.
pub fn position(questions: &[Question], id: &str) -> Option<usize> {
    questions.iter().position(|q| q.id.value == id)
}

/// Reports questions that have one name, lead nowhere or in a circle, cannot
/// be reached, or stand too far from the first.
pub fn check(questions: &[Question], diagnostics: &mut Diagnostics) {
    let mut check = Check {
        questions,
        depth: vec![None; questions.len()],
        open: vec![false; questions.len()],
        diagnostics,
    };
    for (at, question) in questions.iter().enumerate() {
        check.question(at, question);
    }
    if questions.is_empty() {
        return;
    }
    check.depth_of(0);
    let unreached = questions.iter().zip(&check.depth).skip(1);
    for (question, _) in unreached.filter(|(_, depth)| depth.is_none()) {
        check.diagnostics.push(
            Diagnostic::new(
                Rule::Decision,
                question.id.span.clone(),
                format!("no answer leads to the question `{}`", question.id.value),
            )
            .help("lead an answer to it, or delete it"),
        );
    }
}

struct Check<'q, 'd> {
    questions: &'q [Question],
    /// How many questions are asked from here to the farthest code.
    depth: Vec<Option<usize>>,
    /// Whether the question is being looked at, so that circles are seen.
    open: Vec<bool>,
    diagnostics: &'d mut Diagnostics,
}

impl Check<'_, '_> {
    fn question(&mut self, at: usize, question: &Question) {
        let id = &question.id;
        if position(self.questions, &id.value) != Some(at) {
            self.error(
                id,
                format!("there are two questions `{}`", id.value),
                "give one of them another id",
            );
        }
        if question.answers.len() < 2 {
            self.error(
                id,
                format!("the question `{}` has no choice", id.value),
                "give it at least two answers",
            );
        }
        for answer in &question.answers {
            let Goal::Ask(to) = &answer.value.goal else {
                continue;
            };
            if position(self.questions, to).is_none() {
                let ids = self.questions.iter().map(|q| q.id.value.as_str());
                let help = match nearest(to, ids) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add a question with `id = \"{to}\"`"),
                };
                self.error(answer, format!("there is no question `{to}`"), help);
            }
        }
    }

    fn error<T>(&mut self, at: &Located<T>, message: String, help: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::new(Rule::Decision, at.span.clone(), message).help(help));
    }

    /// How many questions the reader answers from here at most.
    fn depth_of(&mut self, at: usize) -> usize {
        if let Some(depth) = self.depth[at] {
            return depth;
        }
        self.open[at] = true;
        let questions = self.questions;
        let mut deepest = 0;
        for answer in &questions[at].answers {
            let Goal::Ask(id) = &answer.value.goal else {
                continue;
            };
            let Some(next) = position(questions, id) else {
                continue;
            };
            if self.open[next] {
                self.error(
                    answer,
                    format!("this answer leads back to `{id}`: the reader goes round in a circle"),
                    "lead on to another question, or to a code",
                );
                continue;
            }
            deepest = deepest.max(self.depth_of(next));
        }
        self.open[at] = false;
        self.depth[at] = Some(deepest + 1);
        if at == 0 && deepest + 1 > MOST_QUESTIONS {
            self.error(
                &questions[0].id,
                format!(
                    "the longest way has {} questions; at most {MOST_QUESTIONS} are asked",
                    deepest + 1
                ),
                "put several questions into one with more answers",
            );
        }
        deepest + 1
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{SourceFile, Span, Style};
    use crate::load::facts::Choice;

    /// A question `id` whose answers lead to codes (digits) or questions.
    fn question(id: &str, goals: &[&str]) -> Question {
        let file = Arc::new(SourceFile {
            name: "pages/choose.md".into(),
            text: String::new(),
        });
        let span = Span::start_of(&file);
        let answers = goals.iter().map(|goal| Located {
            span: span.clone(),
            value: Choice {
                say: (*goal).to_owned(),
                goal: goal
                    .parse()
                    .map_or_else(|()| Goal::Ask((*goal).to_owned()), Goal::Send),
            },
        });
        Question {
            id: Located {
                value: id.to_owned(),
                span: span.clone(),
            },
            ask: "?".to_owned(),
            help: None,
            answers: answers.collect(),
        }
    }

    fn errors(questions: &[Question]) -> String {
        let mut diagnostics = Diagnostics::default();
        check(questions, &mut diagnostics);
        diagnostics.render(Style::Short)
    }

    #[test]
    fn each_answer_that_sends_a_code_is_a_way_to_it_and_the_shortest_comes_first() {
        let questions = [
            question("a", &["b", "404"]),
            question("b", &["404", "410", "c"]),
            question("c", &["410", "200"]),
        ];
        assert_eq!(errors(&questions), "");
        let ways = ways(&questions);
        let lengths: Vec<(u16, Vec<usize>)> = (ways.iter())
            .map(|(code, ways)| (code.number(), ways.iter().map(Vec::len).collect()))
            .collect();
        assert_eq!(
            lengths,
            [(200, vec![3]), (404, vec![1, 2]), (410, vec![2, 3])]
        );
    }

    #[test]
    fn a_tree_that_leads_nowhere_or_in_a_circle_is_reported() {
        for (questions, error) in [
            (
                vec![question("a", &["b", "404"]), question("b", &["a", "404"])],
                "leads back to `a`",
            ),
            (
                vec![
                    question("a", &["404", "410"]),
                    question("b", &["404", "410"]),
                ],
                "no answer leads to the question `b`",
            ),
            (
                vec![question("a", &["x", "404"])],
                "there is no question `x`",
            ),
            (
                vec![question("a", &["404"])],
                "the question `a` has no choice",
            ),
            (
                vec![
                    question("a", &["404", "410"]),
                    question("a", &["404", "410"]),
                ],
                "there are two questions `a`",
            ),
        ] {
            let errors = errors(&questions);
            assert!(errors.contains(error), "{errors}");
        }
    }

    #[test]
    fn a_reader_answers_five_questions_at_most() {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let chain: Vec<Question> = (0..6)
            .map(|at| question(ids[at], &[ids.get(at + 1).copied().unwrap_or("200"), "404"]))
            .collect();
        assert!(errors(&chain).contains("the longest way has 6 questions"));
        assert_eq!(errors(&chain[1..]), "");
    }
}
