### How the language writes days, times, numbers and names.

## The days of the week, short, as in “Mon 2 Mar 2026”

short-monday = Mo.
short-tuesday = Di.
short-wednesday = Mi.
short-thursday = Do.
short-friday = Fr.
short-saturday = Sa.
short-sunday = So.

## The same, in full

long-monday = Montag
long-tuesday = Dienstag
long-wednesday = Mittwoch
long-thursday = Donnerstag
long-friday = Freitag
long-saturday = Samstag
long-sunday = Sonntag

## The months, as they stand beside a short day of the week

short-january = Jan.
short-february = Feb.
short-march = März
short-april = Apr.
short-may = Mai
short-june = Juni
short-july = Juli
short-august = Aug.
short-september = Sept.
short-october = Okt.
short-november = Nov.
short-december = Dez.

## The same, in full

long-january = Januar
long-february = Februar
long-march = März
long-april = April
long-may = Mai
long-june = Juni
long-july = Juli
long-august = August
long-september = September
long-october = Oktober
long-november = November
long-december = Dezember

## Signs

behind-weekday = ,{" "}
behind-long-weekday = ,{" "}
first-day = 1
behind-day = .{" "}
whole-day = ganztägig
noon-in-mail = 12:00 Uhr
thousands = .
quote-open = „
quote-close = “
list-separator = ,{" "}
colon = :
