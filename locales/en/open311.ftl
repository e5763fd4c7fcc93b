# Open311: what other programs file, and words they pass on

no-open311-key = The api_key is missing or unknown; where files are sent too, it must come before them
no-open311-status = A program's key is no office: whether a thing is solved, the one who said it says. Programs can add words only, and nothing of this was kept
no-open311-update-other = This update_id came before, and it said something else

did-requests-relayed = Another system passed on a word
told-requests-relayed = { $code }: another system passed on a word
