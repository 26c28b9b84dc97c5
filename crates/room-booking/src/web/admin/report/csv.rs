//! Tables as comma-separated values (RFC 4180).

/// Rows as CSV, each ended by CR and LF.
pub fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// One cell. What others wrote into events must not become a formula of a spreadsheet.
fn cell(value: String) -> String {
    let value = match value.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n') => format!("'{value}"),
        _ => value,
    };
    match value.contains([',', ';', '"', '\r', '\n']) {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_have_to_be_and_no_cell_is_a_formula() {
        let row = [
            "plain",
            "a,b",
            "say \"x\"",
            "two\nlines",
            "=1+1",
            "+49",
            "-3",
            "@SUM(A1)",
            "\t=1",
            "",
        ];
        let text = csv([row.map(str::to_owned).to_vec()]);
        assert_eq!(
            text,
            "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",'=1+1,'+49,'-3,'@SUM(A1),'\t=1,\r\n"
        );
    }
}
