channels-title = Where notices go
channels-lead = A group chat with a robot can be told of new matters. It says number, category and building, never the words, contacts or doors.
channels-empty = There is no group chat yet. Add one below.
channels-comma = {", "}
channels-all = all categories
channels-paused = paused
channels-worked = last arrived
channels-never-worked = nothing sent yet
channels-broken = The last one did not arrive:
channels-sealed-elsewhere = The address cannot be opened any more. Please retire it and add it again
channels-more = Settings and the last messages
channels-events = What it is told
channels-categories = Which categories
channels-categories-some = Only some categories
channels-quiet = Quiet hours
channels-never-quiet = none
channels-sent = The last messages
channels-preview = This is what is sent
channels-preview-show = Look at it first
channels-preview-again = Address and secret are not kept on the page. Please type them again when you save.
channels-test = Send a test
channels-test-text = [Test] { $name }: this is a test, not a new matter.
channels-pause = Pause
channels-go-on = Go on
channels-retire = No longer needed
channels-retire-what = Address and secret are deleted, and this chat is told nothing more.
channels-retire-now = Retire
channels-new = Add a group chat
channels-name = Name
channels-name-hint = Such as: Shiliu property group
channels-place = Of which place
channels-place-hint = A compound's chat hears of matters at the home and compound doors, the community's of those at the community door.
channels-kind = Whose robot
channels-kind-wecom = WeCom
channels-kind-dingtalk = DingTalk
channels-kind-feishu = Feishu
channels-address = The robot's address
channels-address-hint = Begins with https://, copied from the chat's settings. Not shown again once saved.
channels-secret = Signing secret
channels-secret-hint = DingTalk and Feishu have one if signing was chosen. Not shown again once saved.
channels-event-new = A new matter
channels-event-overdue = Overdue
channels-event-up = Came up to this door
channels-event-reported = Answered
channels-event-unsolved = Not solved, came back
channels-from = Quiet from
channels-from-hint = What can wait is sent in the morning. The same time twice means no quiet hours.
channels-to = Quiet until
channels-save = Add
channels-stage-queued = waiting
channels-stage-again = failed, will be tried again
channels-stage-sent = arrived
channels-stage-given-up = did not arrive, given up
channels-says-new = New matter
channels-says-overdue = Overdue
channels-says-up = Came up to this door
channels-says-reported = Answered
channels-says-unsolved = Not solved, came back
channels-says-due = Due { $due }
channels-sample-name = Shiliu property group
channels-sample-category = Lift
channels-sample-place = Shiliu, building 1
channels-mail = A letter is a request, too
channels-mail-lead = Give a compound a mailbox: each letter becomes a request that only those who handle it can read. Automatic answers, bounces and advertisements do not.
channels-mail-in-off = Incoming mail is not connected yet. Please ask the operator.
channels-mail-out-off = Outgoing mail is not connected yet, so no mail is sent for now.
channels-mailbox = Mailbox
channels-mailbox-hint = Such as: shiliu@mulin.example
channels-mailbox-save = Add mailbox
channels-mailbox-drop = Stop receiving
channels-mail-why = You asked for such letters on your page. You can stop them there.
channels-mail-answer = Answer this letter to add to the matter.
channels-slip-subject = Received
channels-slip-text =
    Your letter was received. Its number is { $code } ({ $place }).

    Pickup code: { $pickup }
    { $link }

    With the code you can see progress, add to it, judge it or have it erased. Only you and those who handle it can read it. Photos received: { $photos }.
    Answer this letter to add to the matter.
channels-slip-others = Attachments not taken: { $others }. Only photos are taken, at most 4.
told-title = How to tell me
told-lead = Progress is always told here. If you want mail as well, leave an address below.
told-mail = My mail address
told-mail-hint = Used only to tell you of progress. Empty it to stop.
told-mail-confirmed = This address is confirmed.
told-mail-waiting = Open the link in the letter first; nothing else is sent before.
told-about = What to send by mail
told-mine = What I said
told-held = What waits for me
told-followed = What I follow
told-quiet-hint = No mail in these hours; it waits for the morning. The same time twice means no quiet hours.
told-save = Save
told-confirm-title = Confirm your address
told-confirm-what = Progress will be sent to this address:
told-confirm-yes = This is my address
told-confirm-subject = Please confirm your address
told-confirm-text =
    Somebody gave this address to be told of progress. If it was you, open this link to confirm:

    { $link }

    If it was not you, do nothing. Nothing more will be sent.
me-unseen = Unread notices: { $n }
me-told-how = How to tell me
no-channels-not-keeper = Group chats and mailboxes are kept by the community, the committee or the property company.
no-channels-not-yours = The chats and mailboxes of this place are not yours to keep.
no-channels-name = Please write a name of at most 60 characters.
no-channels-kind = Please choose whose robot it is.
no-channels-place = Please choose a place.
no-channels-address = The address must begin with https:// and must not lead into an internal network.
no-channels-secret = The secret is too long.
no-channels-event = Please choose at least one thing to tell.
no-channels-quiet = Please write times like 21:00.
no-channels-mailbox = This does not look like a mail address.
no-channels-mailbox-taken = This mailbox is in use already.
