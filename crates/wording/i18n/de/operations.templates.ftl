### What is wrong with a template of messages. What the template engine says in its own words stays English.

## Where it is

template-at = Zeile { $line }, Spalte { $column }: { $fault }
template-in-line = Zeile { $line }: { $fault }
template-in-subject = Betreff: { $fault }
template-in-text = Text: { $fault }
template-in-html = HTML: { $fault }

## What it is

template-syntax = Syntaxfehler: { $words }
template-invalid-operation = ungültige Operation: { $words }
template-unknown-method = unbekannte Methode: { $words }
template-unknown-name = { $name } ist nicht bekannt
template-unknown-name-near = { $name } ist nicht bekannt; ist { $near } gemeint?
template-something-unknown = etwas darin ist nicht bekannt
template-unknown-filter = einen Filter { $name } gibt es nicht
template-unknown-test = einen Test { $name } gibt es nicht
template-out-of-fuel = braucht zu viele Schritte oder ergibt einen zu langen Text
template-late = braucht länger als { $most } Sekunden
template-too-long = ist länger als { $most } Byte
template-tag-too-long = eine Anweisung hat mehr als { $most } Wörter und Zeichen
template-too-many-branches = es gibt mehr als { $most } elif
template-text-too-long = das Ergebnis ist länger als { $most } Byte
