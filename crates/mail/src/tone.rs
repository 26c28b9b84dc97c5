//! The tone of the built-in words: how they address the reader.

use serde::{Deserialize, Serialize};

/// How a message addresses its reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As colleagues who do not know each other: *Sie* in German, *vous* in French.
    #[default]
    Formal,
    /// As colleagues who do: *du* in German, *tu* in French.
    Informal,
}

impl Tone {
    /// All of them.
    pub const ALL: [Tone; 2] = [Tone::Formal, Tone::Informal];

    /// Its word in forms and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Formal => "formal",
            Tone::Informal => "informal",
        }
    }

    /// The words of a language in this tone; they are written in the formal one.
    pub(crate) fn of_words(self, language: &str, words: &str) -> String {
        let informal = match (self, language) {
            (Tone::Formal, _) => return words.to_owned(),
            (Tone::Informal, "de") => GERMAN,
            (Tone::Informal, "fr") => FRENCH,
            (Tone::Informal, _) => ENGLISH,
        };
        informal.iter().fold(words.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

/// What the informal words say in place of the formal ones. A test makes sure that each stands in the words.
type Informal = &'static [(&'static str, &'static str)];

const ENGLISH: Informal = &[("Hello,", "Hi,")];

const GERMAN: Informal = &[
    ("Guten Tag,", "Hallo,"),
    ("{%- macro own() -%}Ihre", "{%- macro own() -%}Deine"),
    ("Sie können {%", "Du kannst {%"),
    ("Termine Ihrer Serie", "Termine deiner Serie"),
    ("Termin Ihrer Serie", "Termin deiner Serie"),
    ("Ihre entfernte Buchung", "deine entfernte Buchung"),
    ("Ihre abgesagte", "Deine abgesagte"),
    ("Sie müssen nichts tun", "Du musst nichts tun"),
    (", Ihre Buchung seit dem", ", deine Buchung seit dem"),
    ("gehört Ihnen allein", "gehört dir allein"),
    ("Ihre Buchung wurde verschoben", "Deine Buchung wurde verschoben"),
    (
        "\"Die andere Buchung\" if is_winner else \"Ihre Buchung\"",
        "\"Die andere Buchung\" if is_winner else \"Deine Buchung\"",
    ),
    (
        "\"die andere Buchung\" if is_winner else \"Ihre Buchung\"",
        "\"die andere Buchung\" if is_winner else \"deine Buchung\"",
    ),
    (
        "deshalb entscheiden Sie und der andere Organisator",
        "deshalb entscheidest du mit dem anderen Organisator",
    ),
    ("Ihre Buchung belegt die Zeit", "Deine Buchung belegt die Zeit"),
    ("obwohl Ihre früher", "obwohl deine früher"),
    (
        "Wenn Sie den Raum noch brauchen, buchen Sie ihn bitte neu",
        "Wenn du den Raum noch brauchst, buche ihn bitte neu",
    ),
    ("nicht für Sie reserviert", "nicht für dich reserviert"),
    (
        "Wenn Sie den Raum nicht brauchen, geben Sie Ihre Buchung auf",
        "Wenn du den Raum nicht brauchst, gib deine Buchung auf",
    ),
    (
        "können Sie einen anderen Raum oder eine andere Zeit wählen oder sich mit",
        "kannst du einen anderen Raum oder eine andere Zeit wählen oder dich mit",
    ),
    ("Bitte klären Sie mit", "Bitte kläre mit"),
    ("else \"Ihre Buchung\" }} wieder", "else \"deine Buchung\" }} wieder"),
    ("buchen Sie den Raum bitte neu", "buche den Raum bitte neu"),
    ("Bitte wählen Sie einen", "Bitte wähle einen"),
    ("Wenn Sie um eine Entscheidung bitten", "Wenn du um eine Entscheidung bittest"),
    ("schreiben Sie bitte an", "schreib bitte an"),
    ("wenden Sie sich bitte an", "wende dich bitte an"),
    ("kann Ihre Buchung wiederherstellen", "kann deine Buchung wiederherstellen"),
];

const FRENCH: Informal = &[
    ("Bonjour,", "Salut,"),
    ("{%- macro own() -%}Votre", "{%- macro own() -%}Ta"),
    ("Vous pouvez reprendre", "Tu peux reprendre"),
    ("supprimées de votre série", "supprimées de ta série"),
    ("supprimée de votre série", "supprimée de ta série"),
    ("votre réservation supprimée", "ta réservation supprimée"),
    (
        "Votre {{ \"série\" if is_recurring else \"réservation\" }} annulée",
        "Ta {{ \"série\" if is_recurring else \"réservation\" }} annulée",
    ),
    ("Vous n’avez rien à faire", "Tu n’as rien à faire"),
    ("et votre réservation depuis", "et ta réservation depuis"),
    ("est à vous seul", "est à toi seul"),
    ("Votre réservation a été déplacée", "Ta réservation a été déplacée"),
    ("is_winner else \"Votre réservation\"", "is_winner else \"Ta réservation\""),
    ("is_winner else \"votre réservation\"", "is_winner else \"ta réservation\""),
    ("à vous et à l’autre organisateur", "à toi et à l’autre organisateur"),
    ("Votre réservation occupe", "Ta réservation occupe"),
    ("bien que la vôtre", "bien que la tienne"),
    (
        "Si vous avez encore besoin de la salle, veuillez la réserver de nouveau",
        "Si tu as encore besoin de la salle, réserve-la de nouveau",
    ),
    ("pas réservée pour vous", "pas réservée pour toi"),
    (
        "Si vous n’avez pas besoin de la salle, renoncez à votre réservation",
        "Si tu n’as pas besoin de la salle, renonce à ta réservation",
    ),
    (
        "vous pouvez choisir une autre salle ou une autre heure, ou vous entendre",
        "tu peux choisir une autre salle ou une autre heure, ou t’entendre",
    ),
    ("Veuillez convenir", "Conviens"),
    ("is_recurring else \"votre réservation\"", "is_recurring else \"ta réservation\""),
    ("veuillez réserver de nouveau la salle", "réserve de nouveau la salle"),
    ("Veuillez choisir une autre", "Choisis une autre"),
    ("Si vous demandez une décision", "Si tu demandes une décision"),
    ("écrivez à {{", "écris à {{"),
    ("adressez-vous à", "adresse-toi à"),
    ("peut restaurer votre réservation", "peut restaurer ta réservation"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defaults;

    #[test]
    fn every_formal_address_is_replaced_and_none_is_left() {
        for (default, pairs) in defaults::ALL.into_iter().zip([ENGLISH, GERMAN, FRENCH]) {
            let mut text = default.words.to_owned();
            for (from, to) in pairs {
                assert!(text.contains(from), "{}: {from}", default.name);
                text = text.replace(from, to);
            }
            assert_eq!(Tone::Informal.of_words(default.language, default.words), text);
            let formal =
                ["Ihre", "Ihnen", "Wenn Sie", "en Sie ", "otre ", "vous ", "Vous ", "euillez"];
            for left in formal {
                let is_left = default.language != "en" && text.contains(left);
                assert!(!is_left, "{}: {left} in {text}", default.name);
            }
        }
    }
}
