"""Faults of runs with waves and windows; see faults.py."""

WINDOW = [
    ("a wave of which nothing was made stops nothing", "engine/run/phase_start.cpp",
     "known_.again ? nullptr : fates_.untried_before(plan_, phase)", "nullptr", "binary: a_canary_of_which"),
    ("waits and gates know no end", "engine/run/phase_start.cpp",
     "if (!hands_.window) return any_time;", "return any_time;", "unit: waits and gates know*"),
    ("what others took of a run's own values is a conflict", "engine/plan/judge.cpp",
     "finding.taken = intersect(key, lost, before);", "finding.taken = lost;", "binary: had_added_all"),
]
