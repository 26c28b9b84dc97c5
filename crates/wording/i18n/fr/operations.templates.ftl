### What is wrong with a template of messages. What the template engine says in its own words stays English.

## Where it is

template-at = ligne { $line }, colonne { $column } : { $fault }
template-in-line = ligne { $line } : { $fault }
template-in-subject = objet : { $fault }
template-in-text = texte : { $fault }
template-in-html = HTML : { $fault }

## What it is

template-syntax = erreur de syntaxe : { $words }
template-invalid-operation = opération non valable : { $words }
template-unknown-method = méthode inconnue : { $words }
template-unknown-name = { $name } est inconnu
template-unknown-name-near = { $name } est inconnu ; vouliez-vous dire { $near } ?
template-something-unknown = quelque chose y est inconnu
template-unknown-filter = il n’y a pas de filtre { $name }
template-unknown-test = il n’y a pas de test { $name }
template-out-of-fuel = il demande trop d’étapes, ou produit un texte trop long
template-late = il prend plus de { $most } secondes
template-too-long = il a plus de { $most } octets
template-tag-too-long = une instruction a plus de { $most } mots et signes
template-too-many-branches = il y a plus de { $most } elif
template-text-too-long = le résultat a plus de { $most } octets
