"""Faults of who is told what by `watch`; see faults.py."""

WATCH = [
    ("a message is sent before it is durable", "engine/watch/keeper.cpp", "if (!saved_) return out;", "",
     "unit: watch: nothing is sent before*"),
    ("an answer is not written down", "engine/watch/keeper.cpp", "compose(now);\n    saved_ = save_(print_state(state_));\n}\n\nbool",
     "compose(now);\n}\n\nbool", "unit: watch: a crash at each*"),
    ("an alarm is told at each audit", "engine/watch/state.cpp", "told.alarm == 0 && !told.end", "!told.end && !one.ended",
     "unit: watch: each way is told once*"),
    ("what could not be read is over", "engine/watch/state.cpp", "fate != Fate::unread", "true", "unit: watch: what could not be read*"),
    ("a name decides who an account is", "engine/watch/state.cpp",
     "if (subject.sid.empty() || episodes[it->second].subject.sid.empty()) return it->second;", "return it->second;",
     "unit: watch: an account is known by its SID*"),
    ("an end is forgotten before a way was told", "engine/watch/state.cpp", "one.ended && told_to_all(state, one)", "one.ended",
     "unit: watch: each way is told once*"),
    ("a crash begins another message with the same id", "engine/watch/state.cpp", "state.id, state.next_message++", "state.id, 1",
     "unit: watch: a crash at each*"),
    ("a fault of the estate is over while its host is down", "engine/watch/look.cpp",
     "unsure = verdicts.unread.contains(subject.object)", "unsure = false", "unit: watch: a fault of the estate*"),
    ("a line feed ends a header of a mail", "engine/watch/message.cpp", "for (const char c : text::printable(text)) out",
     "for (const char c : text) out", "unit: watch: no text from outside*"),
    ("any name in Host gets metrics", "engine/watch/scrape.cpp", 'if (!is_of_this_machine(*host)) return no("403 Forbidden");', "",
     "unit: watch: metrics for*"),
]
