//! Owns: the tables of a text, whose cells say on a narrow screen what is in them.
//!
//! Must not: know how they look.

use std::ops::Range;

use super::{Kind, Writer, escaped};
use crate::diagnostic::Rule;

/// The most rows of a comparison's table: what does not decide, does not help.
const COMPARISON_ROWS: usize = 6;

/// The most bytes of a column's name: narrow screens show it beside each cell,
/// so that a long one makes a page as large as its square.
const COLUMN_BYTES: usize = 200;

#[derive(Default)]
pub(super) struct Table {
    pub(super) aligned_right: Vec<bool>,
    /// The texts of the head, which narrow screens show beside each cell.
    pub(super) head: Vec<String>,
    pub(super) column: usize,
    pub(super) in_head: bool,
    pub(super) rows: usize,
    pub(super) range: Range<usize>,
}

impl Writer<'_, '_, '_> {
    pub(super) fn row_start(&mut self, head: bool) {
        if let Some(table) = &mut self.table {
            table.column = 0;
            table.in_head = head;
            table.rows += usize::from(!head);
        }
        self.markup(if head { "<thead><tr>" } else { "<tr>" });
    }

    /// Cells are written here, since the library's writer would give aligned
    /// ones a `style` attribute, which the content security policy forbids.
    pub(super) fn cell(&mut self, end: bool) {
        let Some(table) = &mut self.table else { return };
        let right = table
            .aligned_right
            .get(table.column)
            .copied()
            .unwrap_or_default();
        let (name, attributes) = match (table.in_head, table.column) {
            (true, _) => {
                table.head.resize(table.column + 1, String::new());
                ("th", " scope=\"col\"".to_owned())
            }
            (false, 0) => ("th", " scope=\"row\"".to_owned()),
            (false, column) => {
                let label = table
                    .head
                    .get(column)
                    .map(String::as_str)
                    .unwrap_or_default();
                ("td", format!(" data-label=\"{}\"", escaped(label)))
            }
        };
        if end {
            table.column += 1;
            self.markup(format!("</{name}>"));
        } else {
            let class = if right { " class=\"number\"" } else { "" };
            self.markup(format!("<{name}{attributes}{class}>"));
        }
    }

    pub(super) fn check_columns(&mut self) {
        let Some(table) = &mut self.table else { return };
        let long = |name: &&mut String| name.len() > COLUMN_BYTES;
        let mut is_long = false;
        for name in table.head.iter_mut().filter(long) {
            name.clear();
            is_long = true;
        }
        let range = table.range.clone();
        if is_long {
            self.error(
                Rule::Table,
                range,
                format!("the name of a column has more than {COLUMN_BYTES} bytes"),
                "say it in two or three words; narrow screens repeat it beside each cell",
            );
        }
    }

    pub(super) fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let decides =
            self.kind == Kind::Comparison && self.part.is_some_and(|p| p.id == "differences");
        if decides && table.rows > COMPARISON_ROWS {
            self.error(
                Rule::Table,
                table.range,
                format!(
                    "this table has {} rows; at most {COMPARISON_ROWS} decide",
                    table.rows
                ),
                "keep the rows by which a reader can tell the codes apart",
            );
        }
    }
}
