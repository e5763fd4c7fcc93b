house-name = Mulin
optional = (optional)
copy = Copy
copied = Copied
pager = Pages
pager-next = More
pager-first = Back to the newest
say-it = Say something
sign-in = Sign in
sign-out = Sign out
photo-alt = A photo of it
photos-count = { $n ->
    [one] 1 photo
   *[other] { $n } photos
 }
form-wrong = A few things need a change. What you wrote is kept
form-wrong-secret = A few things need a change. Please type passwords once more; everything else is kept
until-left-days = { $n ->
    [one] 1 day left
   *[other] { $n } days left
 }
until-left-hours = { $n ->
    [one] 1 hour left
   *[other] { $n } hours left
 }
until-left-minutes = { $n ->
    [one] 1 minute left
   *[other] { $n } minutes left
 }
until-late-days = { $n ->
    [one] 1 day late
   *[other] { $n } days late
 }
until-late-hours = { $n ->
    [one] 1 hour late
   *[other] { $n } hours late
 }
until-late-minutes = { $n ->
    [one] 1 minute late
   *[other] { $n } minutes late
 }
unit-days = days
unit-hours = hours
unit-working-days = working days
unit-office-minutes = minutes in office hours
unit-minutes = minutes
office-owner = owner
office-tenant = tenant
office-family = family
office-captain = building captain
office-volunteer = volunteer
office-grid-worker = grid worker
office-committee = owners' committee
office-property = property service
office-guard = gate guard
office-hub = the hub
office-community = community office
office-subdistrict = subdistrict office
office-partner = partner organisation
office-mediator = mediator
office-operator = operator
door-home = Home door
door-compound = Compound door
door-community = Community door
state-said = waiting for someone
state-accepted = in hand
state-reported = waiting for the answer
state-closed = closed
state-unrated = closed, unrated
state-withdrawn = withdrawn
state-merged = joined with another
badge-overdue = overdue
unit-years = years
