similar-title = Somebody has said something like it
similar-households = { $n ->
    [one] { $n } household
   *[other] { $n } households
}
similar-none-fits = None of these? Just go on writing.
support-send = Same here
support-note = Your household counts as one more; no new case is made, and you hear of every step.
support-count = { $n ->
    [one] { $n } more household says so
   *[other] { $n } more households say so
}
support-done = Your household is counted. You will hear of every step.
support-take-back = Take it back
alike-title = Is it the same matter?
alike-join = Yes, this one: join it
alike-note = You still hear of every step, and can part again at any time.
merged-into = This goes on together with another case:
unmerge-send = Not the same, part them
merge-title = The same as another
merge-into = Which one it goes on in
merge-into-hint = Its code, such as shiliu-12: a public one of the same compound that is not over.
merge-send = Go on there
did-requests-supported = One more household said “same here”
did-requests-supported-own = Somebody of the same household said “me too”
did-requests-support-ended-own = Somebody of the same household took their “me too” back
did-requests-support-ended = A household took its “same here” back
did-requests-merged = { $by } let it go on in another case
did-requests-joined = Another case about the same matter joined this one
did-requests-unmerged = { $by } parted it again; it goes on by itself
me-joined = What I joined
no-requests-support-own = Your own household said this; it is counted already.
no-requests-support-not-neighbour = “Same here” counts households: sign in with an account that lives in this compound. Without one, ask your captain to file for you and join the two.
no-requests-support-not-open = This is over. If it is still wrong, please say so anew.
no-requests-merge-into-what = Please give the code of the case to join.
no-requests-merge-into-unknown = There is no such public case in this compound.
no-requests-merge-into-over = That one is over; nothing can join it.
no-requests-merge-has-others = Others have joined this one. Part them first.
no-requests-merge-not-open = What is over cannot join anything.
no-requests-merge-not-yours = Only whoever said it, whoever has it now and the community may join cases.
no-requests-unmerge-not-merged = It has not joined another case.
told-requests-judged-solved = { $code } was judged as solved
told-requests-left-unrated = { $code } is over; nobody judged it
told-requests-merged = { $code } goes on together with another
told-requests-unmerged = { $code } goes on by itself again
told-requests-withdrawn = { $code }, which you joined, was taken back by the one who said it
told-requests-erased = { $code }, which you joined, was erased by the one who said it
told-requests-recalled = { $code } is no longer offered to you
left-text = Whoever said this no longer does. If your household still has the trouble, you can go on with it.
left-again = I will go on with it
