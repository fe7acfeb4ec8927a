"""Two hands wrote: is there an order of their writes that gives what is there now? Pure; knows no directory.

What it judges is the strongest thing that can be said of two writers who never waited for each other: every edit that the
server took has had its effect, whole, and nothing else has had one. A state is a frozenset of values as they are spelt, or
a number (flags). Values are told apart without case, but Samba adds one by its spelling, and takes one away by any.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """The other hand's: made for sure, with these values as they were sent."""
    removed: tuple
    added: tuple


@dataclass(frozen=True)
class Step:
    """The program's. sure: its journal says `done`; otherwise it may have had its effect or not."""
    removed: tuple
    added: tuple
    sure: bool
    taken: bool = True  # the server said yes
    mask: int = 0  # of flags; then `added` holds the bit if it is set by this, and `removed` if it is cleared


def spellings(state, value):
    return [held for held in state if held.lower() == value.lower()]


def subsets(values):
    out = [()]
    for value in values:
        out += [one + (value,) for one in out]
    return [one for one in out if one]


def without(states, value, one_only):
    """What the states become when `value` goes; none that does not hold it."""
    out = set()
    for state in states:
        found = spellings(state, value)
        for gone in ([(one,) for one in found] if one_only else subsets(found)):
            out.add(state - frozenset(gone))
    return out


def with_value(states, value):
    return {state | {value} for state in states if value not in state}


def swapped(state, change, one_only):
    """What a list may become when its values of that change go and the new ones come."""
    states = {state}
    for value in change.removed:
        states = without(states, value, one_only)
    for value in change.added:
        states = with_value(states, value)
    return states


def of_edit(state, edit):
    if isinstance(state, int):
        # Samba takes a change of userAccountControl to what is there already, whatever it was to be changed from.
        return {int(edit.added[0])} if state in (int(edit.removed[0]), int(edit.added[0])) else set()
    return swapped(state, edit, one_only=True)


def of_step(state, step, last):
    """`last`: the edit just before, or none."""
    if isinstance(state, int):
        if bool(state & step.mask) != bool(step.added):
            return {state ^ step.mask}
        same = step.taken and last and {int(last.removed[0]), int(last.added[0])} == {state, state ^ step.mask}
        return {state} if same else set()
    return swapped(state, step, one_only=False)


def reachable(begin, edits, steps):
    """Every state that some order of both lists, each kept in its own order, can end in."""
    row = {0: {begin}}  # by how many steps were made, after the edits so far
    for made in range(len(edits) + 1):
        for number, step in enumerate(steps):
            here = row.setdefault(number + 1, set())
            for state in row.get(number, set()):
                here |= of_step(state, step, edits[made - 1] if made else None)
                if not step.sure:
                    here.add(state)
        if made < len(edits):
            row = {number: {after for state in states for after in of_edit(state, edits[made])}
                   for number, states in row.items()}
    return row.get(len(steps), set())


def explained(begin, edits, steps, end):
    return end in reachable(begin, edits, steps)
