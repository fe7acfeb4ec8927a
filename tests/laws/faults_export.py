"""Faults of rules on named hosts and of exported policies; see faults.py."""

EXPORT = [
    ("an export has a rule on the hosts that differ, and not on those that are alike", "engine/plan/as_policy.cpp",
     "place.hosts.end(), i) != by_others", "place.hosts.end(), i) == by_others", "law: 24"),
    ("an export of a list asks for no upper bound", "engine/plan/as_policy.cpp",
     "others.empty() ? Comparator::equals : Comparator::includes", "Comparator::includes", "law: 24"),
    ("an export takes what it may not say for what is not there", "engine/plan/as_policy.cpp",
     "of_elements(host, sayable, Comparator::includes)", "of_elements(host, sayable, Comparator::equals)", "law: 24"),
    ("a rule on all but some hosts is on those too", "engine/plan/selection.cpp",
     "named.contains(text::fold(host.name)) == (select.by == Select::By::hosts)",
     "(named.contains(text::fold(host.name)) || select.by == Select::By::all_but)", "unit: each way to select hosts*"),
]
