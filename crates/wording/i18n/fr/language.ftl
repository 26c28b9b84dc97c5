### How the language writes days, times, numbers and names.

## The days of the week, short, as in “Mon 2 Mar 2026”

short-monday = lun.
short-tuesday = mar.
short-wednesday = mer.
short-thursday = jeu.
short-friday = ven.
short-saturday = sam.
short-sunday = dim.

## The same, in full

long-monday = lundi
long-tuesday = mardi
long-wednesday = mercredi
long-thursday = jeudi
long-friday = vendredi
long-saturday = samedi
long-sunday = dimanche

## The months, as they stand beside a short day of the week

short-january = janv.
short-february = févr.
short-march = mars
short-april = avr.
short-may = mai
short-june = juin
short-july = juil.
short-august = août
short-september = sept.
short-october = oct.
short-november = nov.
short-december = déc.

## The same, in full

long-january = janvier
long-february = février
long-march = mars
long-april = avril
long-may = mai
long-june = juin
long-july = juillet
long-august = août
long-september = septembre
long-october = octobre
long-november = novembre
long-december = décembre

## Signs

behind-weekday = {" "}
behind-long-weekday = {" "}
first-day = 1er
behind-day = {" "}
whole-day = toute la journée
noon-in-mail = 12:00
thousands = {"\u202F"}
quote-open = «{"\u202F"}
quote-close = {"\u202F"}»
list-separator = ,{" "}
colon = {"\u202F"}:
