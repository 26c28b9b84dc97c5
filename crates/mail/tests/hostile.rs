//! Templates that somebody wrote to do harm: each ends soon, in a process that the kernel holds to its
//! memory, and the next one is rendered as if nothing had been.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]
#![allow(clippy::print_stdout, reason = "what was measured")]

use std::time::{Duration, Instant};

use mail::limits::{MAX_BODY, MAX_SECONDS, MAX_SOURCE};
use mail::{Notice, Occurrence, Renderer, Template, defaults, samples};

fn text(text: &str) -> Template {
    Template { subject: "s".to_owned(), text: text.to_owned(), html: None }
}

fn renderer() -> Renderer {
    Renderer::apart(env!("CARGO_BIN_EXE_render-mail").into(), Vec::new())
}

/// `body` in a loop, with a namespace that keeps a value from turn to turn.
fn kept(start: &str, body: &str) -> String {
    format!(
        "{{% set ns = namespace(x={start}) %}}{{% for i in range(100000) %}}{{% set ns.x = {body} %}}\
         {{% endfor %}}{{{{ ns.x|length }}}}"
    )
}

fn hostile() -> Vec<(&'static str, String)> {
    let nested = |open: &str, close: &str, times: usize| {
        format!("{{{{ {}1{} }}}}", open.repeat(times), close.repeat(times))
    };
    let chain =
        |piece: &str, times: usize| format!("{{% set x = 'xxxxxxxx' %}}{}", piece.repeat(times));
    vec![
        ("a loop without an end", "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}".to_owned()),
        ("loops that write", "{% for a in range(100000) %}{% for b in range(100000) %}xxxxxxxxxx{% endfor %}{% endfor %}".to_owned()),
        ("a huge range", "{{ range(1000000000)|list|length }}".to_owned()),
        ("ranges of ranges", "{{ (range(100000)|list * 100000)|list|length }}".to_owned()),
        ("a range that is joined", "{{ range(100000)|join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')|length }}".to_owned()),
        ("doubling by ~", kept("'x'", "ns.x ~ ns.x")),
        ("doubling by +", kept("'x'", "ns.x + ns.x")),
        ("doubling by *", kept("'x'", "ns.x * 1000")),
        ("multiplying a text", "{{ ('x' * 100000000)|length }}".to_owned()),
        ("multiplying a text much", "{{ 'x' * 1000000000 }}".to_owned()),
        ("doubling a list", kept("[1]", "ns.x + ns.x")),
        ("doubling a list that is made", kept("[1]", "(ns.x + ns.x)|list")),
        ("multiplying a list", kept("[1]", "(ns.x * 1000)|list")),
        ("lists in lists", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]")),
        ("lists in lists, printed", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]|string")),
        ("replace", kept("'xx'", "ns.x|replace('x', ns.x)")),
        ("the method replace", kept("'xx'", "ns.x.replace('x', ns.x)")),
        ("replace of nothing", kept("'xx'", "ns.x.replace('', ns.x)")),
        ("join", kept("'xx'", "[ns.x, ns.x, ns.x]|join(ns.x)")),
        ("the method join", kept("'xx'", "ns.x.join([ns.x, ns.x, ns.x])")),
        ("join of letters", kept("'xx'", "ns.x|join(ns.x)")),
        ("split", kept("'xx'", "(ns.x.split('') * 100)|list|join('')")),
        ("upper of letters that grow", kept("'ŉŉ'", "ns.x.upper() ~ ns.x.lower()")),
        ("escape", kept("'<'", "ns.x|e|string|e")),
        ("indent", kept("'a\\nb'", "ns.x|indent(100000)")),
        ("center", "{{ 'x'|center(1000000000) }}".to_owned()),
        ("format with a width", "{{ '%1000000000d'|format(1) }}".to_owned()),
        ("format with a precision", "{{ '%.1000000000f'|format(1.5) }}".to_owned()),
        ("format with a width from outside", "{{ '%*d'|format(1000000000, 1) }}".to_owned()),
        ("the method format with a width", "{{ '{:1000000000}'.format(1) }}".to_owned()),
        ("the method format with a precision", "{{ '{:.1000000000f}'.format(1.5) }}".to_owned()),
        ("the method format that doubles", kept("'xx'", "'{0}{0}{0}'.format(ns.x)")),
        ("the method format with many widths", format!("{{{{ '{}'.format(1)|length }}}}", "{0:1000}".repeat(8_000))),
        ("the method format with many fields", format!("{{{{ '{}'.format('x' * 100000)|length }}}}", "{0}".repeat(20_000))),
        ("the method format with a named text", format!("{{{{ '{}'.format(a='x' * 100000)|length }}}}", "{a}".repeat(15_000))),
        ("the method format of lists", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]").replace("ns.x|length", "'{}'.format(ns.x)")),
        ("strftime that doubles", kept("'%c'", "start.strftime(ns.x ~ ns.x)")),
        ("a capture that doubles", chain("{% set x %}{{ x }}{{ x }}{% endset %}", 1_500)),
        ("a capture of much text", format!("{{% for i in range(100000) %}}{{% set x %}}{}{{% endset %}}{{% endfor %}}", "x".repeat(60_000))),
        ("a chain of ~ without a loop", chain("{% set x = x~x~x~x %}", 3_000)),
        ("a filter block", "{% filter replace('x', 'xxxxxxxxxxxxxxxx') %}{% for i in range(100000) %}xxxxxxxx{% endfor %}{% endfilter %}".to_owned()),
        ("a macro that calls itself", "{% macro a(n) %}{{ a(n + 1) }}{% endmacro %}{{ a(0) }}".to_owned()),
        ("a macro that calls itself twice", "{% macro a(n) %}{{ a(n) }}{{ a(n) }}{% endmacro %}{{ a(0) }}".to_owned()),
        ("macros that call each other", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}".to_owned()),
        ("a caller that calls", "{% macro a() %}{% call a() %}{{ caller() }}{% endcall %}{% endmacro %}{{ a() }}".to_owned()),
        ("a loop that recurs", "{% for x in [[1]] recursive %}{{ loop([x, x]) }}{% endfor %}".to_owned()),
        ("deep brackets", nested("[", "]", 20_000)),
        ("deep parentheses", nested("(", ")", 20_000)),
        ("deep negation", nested("not ", "", 15_000)),
        ("deep minus", nested("-", "", 30_000)),
        ("brackets as deep as are taken", nested("[", "]", 140)),
        ("deep ifs", format!("{}x{}", "{% if name %}".repeat(2_000), "{% endif %}".repeat(2_000))),
        ("ifs as deep as are taken", format!("{}x{}", "{% if name %}".repeat(140), "{% endif %}".repeat(140))),
        ("deep attributes", format!("{{{{ name{} }}}}", ".a".repeat(30_000))),
        ("a long chain of filters", format!("{{{{ name{} }}}}", "|upper".repeat(9_000))),
        ("a long sum", format!("{{{{ 1{} }}}}", "+1".repeat(30_000))),
        ("a long concatenation", format!("{{{{ name{} }}}}", "~name".repeat(10_000))),
        ("many elifs", format!("{{% if name == 'a' %}}{}{{% endif %}}", "{% elif name == 'b' %}".repeat(3_000))),
        ("elifs as many as are taken", format!("{{% if name == 'a' %}}{}{{% endif %}}", "{% elif name == 'b' %}".repeat(500))),
        ("a tag as long as is taken", format!("{{{{ {}1 }}}}", "-".repeat(998))),
        ("attributes as many as are taken", format!("{{{{ name{} }}}}", "|upper".repeat(499))),
        ("a sum as long as is taken", format!("{{{{ 1{} }}}}", "+1".repeat(499))),
        ("nested lists made a text", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]").replace("100000", "16").replace("ns.x|length", "ns.x ~ ''")),
        ("nested lists printed", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]").replace("100000", "16").replace("ns.x|length", "ns.x")),
        ("nested lists as JSON", kept("[1]", "[ns.x, ns.x, ns.x, ns.x]").replace("100000", "16").replace("ns.x|length", "ns.x|tojson|length")),
        ("nested lists compared", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "ns.x == ns.x")),
        ("nested lists ordered", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "ns.x < ns.x")),
        ("nested lists as a key", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "{ns.x: 1}|length")),
        ("nested lists looked for", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "ns.x in [ns.x]")),
        ("nested lists sorted", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "[ns.x, ns.x]|sort|length")),
        ("nested lists unique", kept("[1]", "[ns.x, ns.x]").replace("100000", "40").replace("ns.x|length", "[ns.x, ns.x]|unique|list|length")),
        ("nested lists from another build", "{% set a = namespace(x=[1]) %}{% set b = namespace(x=[1]) %}{% for i in range(40) %}{% set a.x = [a.x, a.x] %}{% set b.x = [b.x, b.x] %}{% endfor %}{{ a.x == b.x }}".to_owned()),
        ("lazy lists in lists", kept("[1]", "ns.x * 3").replace("100000", "40")),
        ("lazy slices", kept("range(1000)|list", "(ns.x * 2)[::2]")),
        ("lazy maps", kept("range(1000)|list", "ns.x|map('string')")),
        ("lazy chains", kept("[1]", "ns.x|chain(ns.x)").replace("100000", "60")),
        ("chained maps", kept("{'a': 1}", "ns.x|chain(ns.x)").replace("100000", "60")),
        ("zips", kept("[1]", "ns.x|zip(ns.x)").replace("100000", "60")),
        ("reversed again", kept("[1, 2]", "(ns.x * 2)|reverse").replace("100000", "60")),
        ("nested values", kept("[1]", "[ns.x]")),
        ("nested maps", kept("{'a': 1}", "{'a': ns.x, 'b': ns.x}")),
        ("a large literal", format!("{{{{ [{}]|length }}}}", "1,".repeat(30_000))),
        ("large numbers", kept("2", "ns.x * ns.x")),
        ("a power", "{{ 10 ** 10 ** 10 ** 10 }}".to_owned()),
        ("sorting again and again", kept("range(1000)|list", "ns.x|sort(reverse=true)")),
        ("batches", "{{ range(100000)|batch(1000000000, 'x')|list|length }}".to_owned()),
        ("slices", "{{ [1]|slice(1000000000)|list|length }}".to_owned()),
        ("wide JSON", "{{ range(100000)|list|tojson(100000) }}".to_owned()),
        ("attributes of Python", "{{ name.__class__.__mro__[1].__subclasses__() }}".to_owned()),
        ("attributes of a function", "{{ range.__globals__ }}".to_owned()),
        ("the engine's state", "{{ self }}{{ caller }}{{ _engine }}".to_owned()),
        ("a dict that is made", kept("dict()", "dict(ns.x, a=ns.x)")),
        ("selecting", kept("range(1000)|list", "ns.x|select|list + ns.x|list")),
        ("unique", "{{ (range(100000)|list + range(100000)|list)|unique|list|length }}".to_owned()),
        ("a slice of a long text", kept("'x' * 100000", "ns.x[::-1] ~ ns.x")),
    ]
}

#[test]
fn hostile_templates_end_soon_and_the_next_template_is_rendered_as_ever() {
    let notice = samples::named("many occurrences").unwrap().notice;
    let deleted = samples::named("deleted").unwrap().notice;
    let renderer = renderer();
    let mut slowest = (0.0, "");
    let (mut refused, mut ended) = (0, Vec::new());
    let hostile = hostile();
    for (name, source) in &hostile {
        let begun = Instant::now();
        let done = renderer.render(&text(source), &notice);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(MAX_SECONDS + 5), "{name}: {took:?}");
        match done {
            Ok(told) => assert!(told.text.len() <= MAX_BODY, "{name}"),
            Err(error) => {
                refused += 1;
                let reason = error.fault.reason.to_string();
                if reason.contains("memory") || reason.contains("seconds") {
                    ended.push(format!("{name} ({reason})"));
                }
            }
        }
        slowest = if took.as_secs_f64() > slowest.0 { (took.as_secs_f64(), name) } else { slowest };
        let next = renderer.render(&text("{{ name }}"), &deleted).unwrap();
        assert_eq!(next.text, "Budget review", "after {name}");
    }
    println!("{} templates, {refused} refused, slowest {slowest:?}", hostile.len());
    println!("ended from outside: {ended:#?}");
}

#[test]
fn a_process_that_takes_more_memory_than_it_may_is_ended_and_the_template_is_refused() {
    // The engine does not charge for what grows here.
    let source = kept("{'a': 1}", "{'a': ns.x, 'b': ns.x}");
    let error = renderer().check(&text(&source)).unwrap_err();
    let expected = "text body: it takes more memory than 128 MiB, or more stack than there is";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_renderer_knows_no_secret_and_can_write_no_file() {
    // It is given an empty environment; and its limits are the kernel's.
    let renderer = renderer();
    renderer.check(&text("{{ name }}")).unwrap();
    let children =
        std::fs::read_to_string(format!("/proc/self/task/{}/children", std::process::id()));
    let Ok(children) = children else { return };
    for child in children.split_whitespace() {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{child}/{name}"));
        let (Ok(environment), Ok(limits)) = (read("environ"), read("limits")) else { continue };
        assert_eq!(environment, "MALLOC_ARENA_MAX=1\0");
        let limit = |name: &str| limits.lines().find(|it| it.starts_with(name)).unwrap().to_owned();
        assert!(!limit("Max address space").contains("unlimited"));
        assert_eq!(limit("Max file size").split_whitespace().nth(3), Some("0"));
    }
}

#[test]
fn what_is_bounded_is_accepted_up_to_its_bound() {
    let notice = samples::named("many occurrences").unwrap().notice;
    accepted_up_to_its_bound(&notice);
}

fn accepted_up_to_its_bound(notice: &Notice) {
    text(&"x".repeat(MAX_SOURCE)).check().unwrap();
    let error = text(&"x".repeat(MAX_SOURCE + 1)).check().unwrap_err();
    assert_eq!(error.to_string(), "text body: it has more than 65536 bytes");
    let long = |times: usize| {
        text(&format!(
            "{{% for i in range({times}) %}}{0}{{{{ 8 }}}}{{% endfor %}}",
            "x".repeat(63)
        ))
    };
    assert_eq!(long(MAX_BODY / 64).render(notice).unwrap().text.len(), MAX_BODY);
    let error = long(MAX_BODY / 64 + 1).render(notice).unwrap_err();
    assert_eq!(error.to_string(), "text body: what it renders to has more than 1048576 bytes");
    let deep = "{% macro a(n) %}{% if n > 0 %}{{ a(n - 1) }}{% endif %}x{% endmacro %}";
    let calls = |times: usize| text(&format!("{deep}{{{{ a({times}) }}}}")).render(notice);
    assert_eq!(calls(5).unwrap().text, "xxxxxx");
    assert!(calls(60).is_err(), "deeper than MAX_RECURSION");
    let wide = |width: usize| text(&format!("{{{{ '{{:{width}}}'.format(1) }}}}")).render(notice);
    assert_eq!(wide(1_000).unwrap().text.len(), 1_000);
    assert!(wide(1_001).is_err());
}

/// 200 occurrences, each beside 20 events with the longest names: what one message can speak of.
#[test]
fn the_defaults_bear_the_largest_notice() {
    let mut notice = samples::named("many occurrences").unwrap().notice;
    let mut rival = notice.overlap_events[0].clone();
    rival.name = "<&>'\"".repeat(2_000);
    rival.organizer = Some("x".repeat(10_000));
    let beside = vec![rival; 20];
    notice.overlap_events = beside.clone();
    notice.occurrences = notice
        .occurrences
        .iter()
        .map(|it| Occurrence { overlap_events: beside.clone(), ..it.clone() })
        .collect();
    for default in defaults::ALL {
        let told = renderer().render(&default.template(), &notice).unwrap();
        let html = told.html.unwrap();
        println!("{}: {} and {} bytes", default.name, told.text.len(), html.len());
        assert!(told.text.contains("190") && !html.contains("<&"));
    }
}
