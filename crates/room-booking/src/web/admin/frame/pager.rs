//! Paging of lists.

use std::ops::Range;

use form_urlencoded::Serializer;

use crate::web::admin::frame::request_context::RequestContext;

/// Rows of one page of a list.
pub const ON_A_PAGE: usize = 50;

/// Links to the next and previous pages of a list.
pub struct Pager {
    /// The path and query of the page before.
    pub previous: Option<String>,
    /// Whether that is the first page: lists that are read from their end know no other way back.
    pub is_to_newest: bool,
    /// Of the next one.
    pub next: Option<String>,
    /// The range of rows on this page.
    range: Range<usize>,
}

/// A path with a query; empty parameters are left out.
pub fn link(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl Pager {
    /// Pages of a list whose rows are all known, by the number in `page`.
    pub fn numbered(
        context: &RequestContext,
        path: &str,
        parameters: &[(&str, &str)],
        rows: usize,
        on_a_page: usize,
    ) -> Pager {
        Pager::numbered_at(context, path, parameters, (rows, on_a_page), None)
    }

    /// The same. Without a `page` in the query, it is the one that has `row`, which counts from 0. Before it stands how many rows
    /// there are, and how many on a page.
    pub fn numbered_at(
        context: &RequestContext,
        path: &str,
        parameters: &[(&str, &str)],
        (rows, on_a_page): (usize, usize),
        row: Option<usize>,
    ) -> Pager {
        let last = rows.saturating_sub(1) / on_a_page;
        let first = row.map_or(1, |it| it / on_a_page + 1);
        let page = context.query.text("page").parse::<usize>().unwrap_or(first);
        let page = page.clamp(1, last + 1) - 1;
        let to = |number: usize| {
            let number = (number + 1).to_string();
            let mut all = parameters.to_vec();
            all.push(("page", &number));
            link(path, &all)
        };
        Pager {
            previous: page.checked_sub(1).map(to),
            is_to_newest: false,
            next: (page < last).then(|| to(page + 1)),
            range: page * on_a_page..((page + 1) * on_a_page).min(rows),
        }
    }

    /// Pages of a list that is read from its end: `before` is what the next page is asked with.
    pub fn behind(
        context: &RequestContext,
        path: &str,
        parameters: &[(&str, &str)],
        before: Option<String>,
    ) -> Pager {
        let next = before.map(|before| {
            let mut all = parameters.to_vec();
            all.push(("before", &before));
            link(path, &all)
        });
        let is_first = context.query.value("before").is_none();
        let previous = if is_first { None } else { Some(link(path, parameters)) };
        Pager { previous, is_to_newest: true, next, range: 0..0 }
    }

    /// The range of rows on this page.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}
