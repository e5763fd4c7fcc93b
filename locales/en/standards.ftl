# Limits, office hours, calendars, pauses, what is overdue
no-standards-unit = Please choose a unit of time
no-standards-amount = Please write a sensible whole number, for example 3
