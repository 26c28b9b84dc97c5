### How the language writes days, times, numbers and names.

## The days of the week, short, as in “Mon 2 Mar 2026”

short-monday = Mon
short-tuesday = Tue
short-wednesday = Wed
short-thursday = Thu
short-friday = Fri
short-saturday = Sat
short-sunday = Sun

## The same, in full

long-monday = Monday
long-tuesday = Tuesday
long-wednesday = Wednesday
long-thursday = Thursday
long-friday = Friday
long-saturday = Saturday
long-sunday = Sunday

## The months, as they stand beside a short day of the week

short-january = Jan
short-february = Feb
short-march = Mar
short-april = Apr
short-may = May
short-june = Jun
short-july = Jul
short-august = Aug
short-september = Sep
short-october = Oct
short-november = Nov
short-december = Dec

## The same, in full

long-january = January
long-february = February
long-march = March
long-april = April
long-may = May
long-june = June
long-july = July
long-august = August
long-september = September
long-october = October
long-november = November
long-december = December

## Signs

# Between a short day of the week and the day: “Mon 2”
behind-weekday = {" "}
# Between a day of the week in full and the day: “Monday, 2 March 2026”
behind-long-weekday = ,{" "}
# How the first day of a month is written in a date: “1 Mar”, in French “1er mars”
first-day = 1
# Between the day and the month: “2 Mar”
behind-day = {" "}
# An event that takes whole days
whole-day = all day
# How noon is written in a mail: 12:00 stands for the time. In German it is “12:00 Uhr”
noon-in-mail = 12:00
# Between thousands: “1,000”
thousands = ,
# Around a name
quote-open = “
quote-close = ”
# Between the parts of a list
list-separator = ,{" "}
# Behind a label: “Key: value”
colon = :
