# Limits, office hours, calendars, pauses, what is overdue
standards-title = Limits and office hours
standards-lead = How soon each door takes a matter, answers and settles it. What a place has not set comes from the next one above; failing that, from the rulebook.
standards-places = Choose a place
standards-all = All other matters
standards-hours = Office hours
standards-hours-change = Change the office hours
standards-hours-hint = For example 09:00-12:00,13:30-17:30; leave empty to take those from above
standards-save = Save
standards-drop = Not set here, take it from above
standards-done = Saved.
standards-change = Change a limit
standards-category = Which matters
standards-door = Which door
standards-clock = Which limit
standards-amount = How much
standards-unit = Unit
standards-from-now = Limits that start from now on use the new one; what runs already keeps what was promised.
standards-calendar = Holidays
standards-year-load = A new year was published
standards-year-text = The arrangement of that year
standards-year-hint = Written like the files that come with the program: year, source, and a [[holiday]] each with name, off and work
standards-year-file = Or choose a file
standards-year-send = Checked, use it
clock-accept = Taken in hand
clock-answer = Told what will be done
clock-settle = Settled
clock-judge = Waiting for your word
clock-pause = Longest pause
limit-unit-working-days = working days
limit-unit-office-hours = office hours
limit-unit-office-minutes = office minutes
limit-unit-days = days, holidays too
limit-unit-hours = hours round the clock
limit-unit-minutes = minutes round the clock
amount-working-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
amount-office-hours = { $n ->
    [one] { $n } office hour
   *[other] { $n } office hours
}
amount-office-minutes = { $n ->
    [one] { $n } office minute
   *[other] { $n } office minutes
}
amount-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
amount-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
amount-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
origin-compound-category = set by the compound for these matters
origin-compound = set by the compound
origin-community-category = set by the community for these matters
origin-community = set by the community
origin-rulebook = rulebook
no-standards-unit = Please choose a unit of time
no-standards-amount = Please write a sensible whole number, for example 3
no-standards-clock = Please choose a limit
no-standards-door = Please choose a door
no-standards-category = There are no such matters here
no-standards-nothing-set = Nothing is set here; the limit from above holds already
no-standards-year-empty = Please paste the arrangement of that year, or choose a file
no-standards-not-staff = This page is for those on duty; residents see the limits on the page of each matter
no-standards-not-yours = A compound's limits are set by its committee or the community, the community's by the community
no-standards-calendar-not-yours = The calendar is loaded by the community

standard-sentence = Promised at this door: taken in hand within { $accept }, told what will be done within { $answer }, settled within { $settle }
due-next-accept = First: somebody takes it
due-next-answer = First: you hear what will be done
due-next-settle = Until it is settled
next-overdue = Overdue; it goes up a door by itself
next-overdue-last = Overdue at the last door; you can call 12345
next-paused = Standing still; it goes on when what is waited for is there

pause-now = Paused
pause-since = since
pause-until = goes on at the latest
pause-title = Pause
pause-text = Paused time does not count, and everybody sees it. Each reason can be used once at a door, and the longest pause ends by itself.
pause-reason = What is waited for
pause-words = In a few words
pause-send = Pause
resume-send = Go on
wait-resident = The one who said it
wait-part = A part
wait-permit = Somebody else's consent
wait-weather = The weather
no-requests-pause-reason = Please choose what is waited for
no-requests-pause-not-in-hand = Only what is in hand can be paused
no-requests-pause-too-late = It is overdue; a pause would not help. Please go on
no-requests-pause-already = It is paused already
no-requests-pause-again = This reason was used at this door before
no-requests-resume-not-paused = It is not paused
did-requests-paused-resident = { $by } paused: waiting for the one who said it
did-requests-paused-part = { $by } paused: waiting for a part
did-requests-paused-permit = { $by } paused: waiting for somebody else's consent
did-requests-paused-weather = { $by } paused: waiting for the weather
did-requests-resumed = { $by } went on
did-requests-overdue-at-last-door = Overdue at the last door; the community and the subdistrict were told
did-clocks-recounted = The holidays were published; the due times were counted again
told-requests-paused = { $code } is paused; the reason stands on its page
told-requests-resumed = { $code } goes on
told-requests-overdue-at-last-door = { $code } is overdue at the last door; you can call 12345
