//! What templates may say, and what is said of those that cannot be (section 4 of the contract).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use mail::{Event, Notice, Part, Template, VARIABLES, defaults, samples};

/// A template of this text alone.
fn text(text: &str) -> Template {
    Template { subject: "s".to_owned(), text: text.to_owned(), html: None }
}

/// What a text renders to on the sample `deleted`: Monday, 2 March 2026, 12:00 to 13:00 in Berlin.
fn rendered(source: &str) -> String {
    let notice = samples::named("deleted").unwrap().notice;
    text(source).render(&notice).unwrap_or_else(|error| panic!("{source}: {error}")).text
}

/// What is said of a text that is refused.
fn refused(source: &str) -> String {
    match text(source).check() {
        Err(error) => error.to_string(),
        Ok(()) => panic!("{source:?} is accepted"),
    }
}

/// Each of these was printed by Python 3.11 for the same moments.
/// Seconds since 1970.
fn seconds(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn date_times_behave_as_in_python() {
    for (source, expected) in [
        ("{{ start }}", "2026-03-02 12:00:00+01:00"),
        ("{{ created }}", "2026-01-20 08:33:20+01:00"),
        ("{{ start.year }} {{ start.month }} {{ start.day }}", "2026 3 2"),
        ("{{ created.hour }} {{ created.minute }} {{ created.second }}", "8 33 20"),
        ("{{ start.microsecond }} {{ start.tzinfo }} {{ start.tzname() }}", "0 Europe/Berlin CET"),
        ("{{ start.strftime('%d.%m.%Y %H:%M') }}", "02.03.2026 12:00"),
        ("{{ start.strftime('%-d %B %Y, %A') }}", "2 March 2026, Monday"),
        ("{{ start.isoformat() }}", "2026-03-02T12:00:00+01:00"),
        ("{{ start.isoformat(' ', 'minutes') }}", "2026-03-02 12:00+01:00"),
        ("{{ start.isoformat(sep='_') }}", "2026-03-02_12:00:00+01:00"),
        ("{{ start.date() }} {{ start.time() }}", "2026-03-02 12:00:00"),
        ("{{ start.date().isoformat() }} {{ start.time().hour }}", "2026-03-02 12"),
        ("{{ start.date().strftime('%d/%m') }}", "02/03"),
        ("{{ start.weekday() }} {{ start.isoweekday() }}", "0 1"),
        ("{{ start.isocalendar()[1] }} {{ start.toordinal() }}", "10 739677"),
        ("{{ start.timestamp() }} {{ start.utcoffset() }}", "1772449200.0 1:00:00"),
        ("{{ start.ctime() }}", "Mon Mar  2 12:00:00 2026"),
        ("{{ start.astimezone('America/New_York') }}", "2026-03-02 06:00:00-05:00"),
        ("{{ start < end }} {{ start == start }} {{ start >= end }}", "True True False"),
        ("{{ start != end }} {{ start.date() == end.date() }}", "True True"),
        ("{{ start == start.astimezone('UTC') }}", "True"),
        ("{{ end - start }}", "1:00:00"),
        ("{{ start - end }}", "-1 day, 23:00:00"),
        ("{{ start - created }}", "41 days, 3:26:40"),
        ("{{ (start - created).days }} {{ (start - created).seconds }}", "41 12400"),
        ("{{ (end - start).total_seconds() // 60 }}", "60.0"),
        ("{{ start - (end - start) }}", "2026-03-02 11:00:00+01:00"),
        ("{{ (end - start) - (end - start) }}", "0:00:00"),
        ("{{ start.date() - created.date() }}", "41 days, 0:00:00"),
        ("{{ (end - start) < (start - created) }}", "True"),
        (
            "{{ start + (end - start) }} {{ (end - start) + (end - start) }}",
            "2026-03-02 13:00:00+01:00 2:00:00",
        ),
        ("{{ 1 + 2 }} {{ 1.5 + 1 }} {{ 'a' + 'b' }} {{ ([1] + [2, 3])|join }}", "3 2.5 ab 123"),
        ("{{ 5 - 3 }} {{ 5 - 3 - 1 }} {{ 1.5 - 1 }} {{ 2 - 1 * 2 }}", "2 1 0.5 0"),
        ("{{ [start, end]|max }}", "2026-03-02 13:00:00+01:00"),
        ("{{ 'yes' if start else 'no' }}", "yes"),
    ] {
        assert_eq!(rendered(source), expected, "{source}");
    }
}

#[test]
fn a_difference_is_counted_on_the_clock_over_a_clock_change_and_compared_as_moments() {
    let mut notice = samples::named("deleted").unwrap().notice;
    notice.event.start = seconds("2026-03-28T12:00:00+01:00");
    notice.event.end = seconds("2026-03-29T12:00:00+02:00");
    let told = text("{{ end - start }} {{ end.tzname() }}").render(&notice).unwrap();
    assert_eq!(told.text, "23:00:00 CEST");
}

#[test]
fn what_python_cannot_subtract_or_compare_is_an_error_with_its_line() {
    let notice = samples::named("deleted").unwrap().notice;
    for source in [
        "\n{{ start - 1 }}",
        "\n{{ start - 'x' }}",
        "\n{{ 'a' - 'b' }}",
        "\n{{ start - start.date() }}",
        "\n{{ start.time() - start.time() }}",
        "\n{{ start.nowhere() }}",
        "\n{{ start.date().hour }}",
        "\n{{ name|datetime }}",
        "\n{{ start|datetime(zone='Mars/Olympus') }}",
        "\n{{ start|datetime(language='tlh') }}",
        "\n{{ start|period('x') }}",
    ] {
        let error = text(source).render(&notice).unwrap_err();
        assert_eq!((error.part, error.fault.line), (Part::Text, Some(2)), "{source}: {error}");
    }
}

#[test]
fn the_filter_datetime_takes_a_format_a_zone_and_a_language() {
    for (source, expected) in [
        ("{{ start|datetime }}", "Mon 2 March 2026, 12:00"),
        ("{{ start|datetime(language='de') }}", "Mo., 2. März 2026, 12:00 Uhr"),
        ("{{ start|datetime('%A, %d. %B', language='de') }}", "Montag, 02. März"),
        ("{{ start|datetime('%H:%M', 'UTC') }}", "11:00"),
        ("{{ start|datetime('%H:%M %Z', zone='Asia/Tokyo') }}", "20:00 JST"),
        ("{{ start|datetime('%a', 'UTC', 'de-AT') }}", "Mo."),
        ("[{{ none|datetime }}]", "[]"),
        ("{{ start|period(end) }}", "Mon 2 March 2026, 12:00–13:00"),
        ("{{ start|period(start, 'de') }}", "Mo., 2. März 2026, 12:00 Uhr"),
    ] {
        assert_eq!(rendered(source), expected, "{source}");
    }
}

#[test]
fn pythons_methods_that_jinja_users_write_work() {
    for (source, expected) in [
        (
            "{{ name.upper() }} {{ name.lower() }} {{ name.title() }}",
            "BUDGET REVIEW budget review Budget Review",
        ),
        ("{{ name.replace('Budget', 'Money') }} {{ name.split(' ')[0] }}", "Money review Budget"),
        ("{{ name.startswith('Bud') }} {{ name.strip('w') }}", "True Budget revie"),
        ("{{ ', '.join(['a', 'b']) }} {{ '%s!'|format(name) }}", "a, b Budget review!"),
        ("{% for key, value in {'a': 1}.items() %}{{ key }}{{ value }}{% endfor %}", "a1"),
        ("{{ {'a': 1}.get('b', 2) }}", "2"),
        ("{{ '{:>5}'.format(7) }}", "    7"),
        (
            "{% set ns = namespace(n=0) %}{% for it in overlap_events %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
            "1",
        ),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(name) }}", "<Budget review>"),
        ("{{ overlap_events|map(attribute='name')|join(', ') }}", "Board meeting"),
        ("{{ occurrences[0].overlap_events[0].organizer }}", "board@example.org"),
        ("{{ organizer|default('nobody', true) }}", "finance@example.org"),
    ] {
        assert_eq!(rendered(source), expected, "{source}");
    }
}

#[test]
fn every_variable_of_the_contract_is_there_in_every_sample() {
    let all: String = VARIABLES.iter().map(|name| format!("{{{{ {name} }}}}\n")).collect();
    let of_events = "{% for it in overlap_events %}{{ it.name }}{{ it.start }}{{ it.end }}\
                     {{ it.created }}{{ it.organizer }}{{ it.is_priorized }}{{ it.is_prioritized }}\
                     {% endfor %}{% for it in occurrences %}{{ it.start }}{{ it.end }}\
                     {% for other in it.overlap_events %}{{ other.name }}{% endfor %}{% endfor %}";
    text(&(all + of_events)).check().unwrap();
    assert_eq!(rendered("{{ is_priorized }} {{ calendar_name }}"), "False Meeting room 1");
    assert_eq!(rendered("{{ reason is none }} {{ is_restored }}"), "True False");
}

#[test]
fn each_staying_event_says_since_when_it_has_held_the_time_and_who_saw_that() {
    for (source, expected) in [
        ("{{ overlap_events[0].because.rule }}", "held_since"),
        ("{{ overlap_events[0].because.winner_since }}", "2026-01-14 09:00:00+01:00"),
        ("{{ overlap_events[0].because.loser_since.hour }}", "8"),
        ("{{ overlap_events[0].because.witnessed }}", "False"),
        ("{{ occurrences[0].overlap_events[0].because.loser_since > created }}", "False"),
    ] {
        assert_eq!(rendered(source), expected, "{source}");
    }
    let unknown = samples::named("creation not known").unwrap().notice;
    let told = text("{{ overlap_events[0].because is none }}").render(&unknown).unwrap();
    assert_eq!(told.text, "True");
    let error = refused("{% for it in overlap_events %}{{ it.because.since }}{% endfor %}");
    assert!(error.contains("line 1"), "{error}");
}

#[test]
fn the_defaults_do_not_doubt_an_order_that_decided_nothing() {
    let mut notice = samples::named("prioritised winner").unwrap().notice;
    for default in defaults::ALL {
        let mut told = |rule: &str| {
            let because = notice.overlap_events[0].because.as_mut().unwrap();
            (because.rule, because.witnessed) = (rule.to_owned(), false);
            default.template().render(&notice).unwrap()
        };
        let (held, priority) = (told("held_since"), told("priority"));
        for (language, doubt) in [
            ("English", "did not record this order"),
            ("German", "Reihenfolge nicht selbst aufgezeichnet"),
            ("French", "n’a pas enregistré cet ordre lui-même"),
        ] {
            assert!(!priority.text.contains(doubt), "{}", priority.text);
            assert!(!priority.html.as_ref().unwrap().contains(doubt));
            assert_eq!(held.text.contains(doubt), default.name == language, "{}", held.text);
        }
    }
}

#[test]
fn an_unknown_name_is_refused_with_its_line_and_column_wherever_it_stands() {
    for (source, expected) in [
        ("{{ nmae }}", "text body: line 1, column 4: \"nmae\" is unknown; is \"name\" meant?"),
        // No sample gets there.
        (
            "a\n{% if false %}{{ room }}{% endif %}",
            "text body: line 2, column 18: \"room\" is unknown",
        ),
        ("ä {{ nowhere }}", "text body: line 1, column 6: \"nowhere\" is unknown"),
        ("{{ debug() }}", "text body: line 1, column 4: \"debug\" is unknown"),
        (
            "{% for it in nothing %}{% endfor %}",
            "text body: line 1, column 14: \"nothing\" is unknown",
        ),
        ("\n\n{{ name|uper }}", "text body: line 3, column 9: there is no filter \"uper\""),
        (
            "{% if false %}{{ name is red }}{% endif %}",
            "text body: line 1, column 26: there is no test \"red\"",
        ),
    ] {
        assert_eq!(refused(source), expected, "{source}");
    }
}

#[test]
fn an_unknown_attribute_is_refused_where_a_sample_gets_there() {
    let error = refused("\n{% for it in overlap_events %}{{ it.nmae }}{% endfor %}");
    assert!(error.starts_with("text body: line 2, column 34: "), "{error}");
    // `created` is none in one sample only.
    let template = text("{{ created.year }}");
    let error = template.check().unwrap_err();
    assert_eq!(error.sample.as_deref(), Some("creation not known"), "{error}");
    text("{{ created.year if created else '' }}").check().unwrap();
    let error = text("{{ overlap_events[0].name }}").check().unwrap_err();
    assert_eq!(error.sample.as_deref(), Some("cancelled leftover"), "{error}");
}

#[test]
fn is_defined_may_be_asked_of_any_name() {
    for source in [
        "{% if anything is defined %}{{ anything }}{% endif %}",
        "{{ 'a' if other is undefined else other }}",
        "{{ 'a' if name is defined else 'b' }}",
    ] {
        text(source).check().unwrap_or_else(|error| panic!("{source}: {error}"));
    }
}

#[test]
fn what_does_not_compile_is_refused_with_its_line_in_whichever_part_it_stands() {
    for (source, line) in [
        ("{{ name", 1),
        ("\n{% if name %}", 2),
        ("\n\n{{ name | }}", 3),
        ("{% endfor %}", 1),
        ("{{ 1 + }}", 1),
    ] {
        let error = text(source).check().unwrap_err();
        assert_eq!((error.part, error.fault.line), (Part::Text, Some(line)), "{source}: {error}");
    }
    let subject = Template { subject: "{{ x }}".to_owned(), ..text("t") };
    assert_eq!(subject.check().unwrap_err().part, Part::Subject);
    let html = Template { html: Some("{{ x }}".to_owned()), ..text("t") };
    assert_eq!(html.check().unwrap_err().part, Part::Html);
}

#[test]
fn nothing_reaches_a_file_or_another_template() {
    for source in [
        "{% include '/etc/passwd' %}",
        "{% extends 'base' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% block b %}{% endblock %}{{ super() }}",
    ] {
        let error = refused(source);
        assert!(error.starts_with("text body: line 1"), "{source}: {error}");
    }
}

#[test]
fn html_is_escaped_in_the_html_body_and_nowhere_else() {
    let mut notice = samples::named("deleted").unwrap().notice;
    notice.event.name = "<script>alert('1')</script> & {{ calendar_name }}".to_owned();
    let template = Template {
        subject: "{{ name }}".to_owned(),
        text: "{{ name }}".to_owned(),
        html: Some("<p>{{ name }}</p>".to_owned()),
    };
    let told = template.render(&notice).unwrap();
    assert_eq!(told.text, notice.event.name, "nor is a name a template");
    assert_eq!(told.subject, notice.event.name);
    assert_eq!(
        told.html.unwrap(),
        "<p>&lt;script&gt;alert(&#x27;1&#x27;)&lt;&#x2f;script&gt; &amp; {{ calendar_name }}</p>"
    );
}

#[test]
fn a_subject_is_one_line_of_at_most_200_characters() {
    let mut notice = samples::named("deleted").unwrap().notice;
    notice.event.name = "a\r\nBcc: all@example.org\u{202e}".to_owned();
    let subject = |source: &str, notice: &Notice| {
        let template = Template { subject: source.to_owned(), ..text("t") };
        template.render(notice).unwrap().subject
    };
    assert_eq!(subject("{{ name }}\r\n\r\nX: y\0", &notice), "a Bcc: all@example.org X: y");
    assert_eq!(subject(&"ä".repeat(200), &notice), "ä".repeat(200));
    assert_eq!(subject(&"ä".repeat(201), &notice), "ä".repeat(200));
}

#[test]
fn what_renders_to_nothing_is_known_to() {
    let notice = samples::named("deleted").unwrap().notice;
    let empty = text(" {% if not is_deleted %}x{% endif %}\n\t");
    assert!(empty.render(&notice).unwrap().is_empty());
    let html = Template { html: Some("<p>x</p>".to_owned()), ..empty };
    assert!(!html.render(&notice).unwrap().is_empty());
}

#[test]
fn a_template_that_does_not_name_is_restored_does_not_speak_of_it() {
    assert!(!text("{{ name }} was removed").speaks_of("is_restored"));
    assert!(text("{% if is_restored %}x{% endif %}").speaks_of("is_restored"));
    for default in defaults::ALL {
        for needed in ["is_restored", "is_ignored", "removal_at", "is_warning_ended", "is_offer"] {
            assert!(default.template().speaks_of(needed), "{} {needed}", default.name);
        }
    }
}

#[test]
fn a_time_that_no_calendar_shows_fails_and_one_in_an_unknown_zone_is_in_utc() {
    let notice = samples::named("deleted").unwrap().notice;
    let broken =
        Notice { event: Event { start: i64::MAX, ..notice.event.clone() }, ..notice.clone() };
    assert!(text("t").render(&broken).is_err());
    let nowhere = Notice { zone: "Mars/Olympus".to_owned(), ..notice };
    let told = text("{{ start }} {{ start.tzinfo }}").render(&nowhere).unwrap();
    assert_eq!(told.text, "2026-03-02 11:00:00+00:00 UTC");
}

#[test]
fn the_defaults_say_on_every_sample_what_is_written_down_here() {
    let mut compared = Vec::new();
    for default in defaults::ALL {
        let template = default.template();
        template.check().unwrap();
        let mut all = String::new();
        for sample in samples::all() {
            let told = template.render(&sample.notice).unwrap();
            let html = told.html.unwrap();
            assert!(!html.contains("<b>{{"), "{html}");
            all.push_str(&format!(
                "=== {}\nSubject: {}\n\n{}\n\n",
                sample.name, told.subject, told.text
            ));
        }
        let expected = format!("{}/tests/samples/{}.txt", env!("CARGO_MANIFEST_DIR"), default.name);
        let found = format!("{}/{}.txt", env!("CARGO_TARGET_TMPDIR"), default.name);
        std::fs::write(&found, &all).unwrap();
        let expected_text = std::fs::read_to_string(&expected).unwrap_or_default();
        if all != expected_text {
            compared.push(format!("compare {found} with {expected}"));
        }
    }
    assert!(compared.is_empty(), "{compared:#?}");
}

#[test]
fn the_first_two_lines_of_the_defaults_name_the_event_the_room_and_the_time() {
    for default in defaults::ALL {
        for sample in samples::all() {
            let told = default.template().render(&sample.notice).unwrap();
            let is_greeting = |line: &&str| ["", "Hello,", "Guten Tag,", "Bonjour,"].contains(line);
            let lines = told.text.lines().skip_while(is_greeting);
            let first: Vec<&str> = lines.take(2).collect();
            let first = first.join(" ");
            let name = sample.notice.event.name.split('\r').next().unwrap();
            assert!(first.contains(name), "{first}");
            assert!(first.contains("Meeting room 1") && first.contains("2026"), "{first}");
        }
    }
}
