### What is wrong with a template of messages. What the template engine says in its own words stays English.

## Where it is

# $line (number)
# $column (number)
# $fault (message)
template-at = line { $line }, column { $column }: { $fault }
# $line (number)
# $fault (message)
template-in-line = line { $line }: { $fault }
# $fault (message)
template-in-subject = subject: { $fault }
# $fault (message)
template-in-text = text body: { $fault }
# $fault (message)
template-in-html = HTML body: { $fault }

## What it is

# $words (text): of the template engine
template-syntax = syntax error: { $words }
# $words (text): of the template engine
template-invalid-operation = invalid operation: { $words }
# $words (text): of the template engine
template-unknown-method = unknown method: { $words }
# $name (name)
template-unknown-name = { $name } is unknown
# $name (name)
# $near (name): what was probably meant
template-unknown-name-near = { $name } is unknown; is { $near } meant?
template-something-unknown = something in it is unknown
# $name (name)
template-unknown-filter = there is no filter { $name }
# A test of the template language, such as “is defined”.
# $name (name)
template-unknown-test = there is no test { $name }
template-out-of-fuel = it takes too many steps, or makes too long a text
# $most (number)
template-late = it takes longer than { $most } seconds
# $most (number)
template-too-long = it has more than { $most } bytes
# $most (number)
template-tag-too-long = a tag has more than { $most } words and signs
# $most (number)
template-too-many-branches = there are more than { $most } elif
# $most (number)
template-text-too-long = what it renders to has more than { $most } bytes
