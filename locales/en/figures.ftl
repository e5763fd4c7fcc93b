unit-percent = %
unit-day-of-month = (day of the month)
unit-call-backs = call-backs
no-figures-setting-range = This number is out of range.
no-figures-weights-sum = The three weights must add up to 100.
no-figures-span-wrong = The beginning must come before the end, at most two years apart.
no-figures-month-wrong = Write the month like this: 2026-11.
