-- The journal, format 2: what Fairway did, as it happened. One table, append-only, hash-chained.
-- This file is the documentation of the format and is compiled into the program. A journal is believed only if it has
-- exactly these statements (SQLite keeps their text, so no comment stands inside of one), and only as a whole: every
-- entry is read once, from the table itself, and must follow from the one before it.
--
-- Beside the file lies FILE.head, "number hash" of the last entry. It is written after each commit, so it may be older
-- than the file (a crash in between), and never newer: then entries are missing, and the journal is refused.
-- While a command appends, the file is in WAL mode; at rest it is a single file that can be read where nobody may write.
-- SQL is kept plain, so that the same table can live in another database later.

-- 2; another number is refused, but for 1, which is migrated (see below).
CREATE TABLE format (version INTEGER NOT NULL) STRICT;

-- seq       1, 2, 3 … without gaps
-- run       date and number: 2026-11-22-03
-- kind      begin, intent, outcome, end. A kind that ends in '?' may be skipped by a program that does not know it: it
--           says more about a run and changes nothing of what the other kinds say. Any other unknown kind is refused.
-- at        seconds since 1970, UTC
-- body      JSON, see below
-- previous  hash of entry seq-1; 64 zeros for the first
-- hash      SHA-256 of "previous\nseq\nrun\nkind\nat\nbody", hexadecimal
CREATE TABLE entry (
    seq      INTEGER PRIMARY KEY,
    run      TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Bodies:
--   begin    {"estate", "purpose", "source", "ticket", "changes": how many, "who", "host",
--             "rolls_back": run or "", "plan": the plan file as text, its digest in it,
--             "replicas": [{"domain", "server", "id"}]: the replicas of the directory (domain controller and
--             invocation id) at which the run reads and writes; missing in older entries,
--             "allowed": [{"limit", "value", "by"}]: what was allowed beyond the plan's limits when it was applied;
--             missing where nothing was,
--             "term": {"until": seconds since 1970, "reason"}: of a run that ends by itself (break-glass)}
--   intent   {"change": number in the plan from 0,         durable before the write is sent
--             "replicas": as in begin, those to which the run has come since (resumed with --controller), from this
--             write on; missing where it stays and in older entries. All of them are the run's; it stands at the
--             last one of each domain.}
--   outcome  {"change": number, "outcome": "done" | "not_done" | "torn" | "in_doubt" |
--            "unanswered", "note": text}
--            a later outcome of the same change (a settling, a resumption) supersedes an earlier one;
--            "sent": false: the run ended before it sent that write, so the intent does not count;
--            "ms": milliseconds from the reading before to this outcome, with all that was in flight beside it; missing
--            of a settling and in older entries
--   gate?    {"phase": its title, "gate": name, "passed": boolean, "saw": [sentence]}: what was looked at behind a phase
--   end      {"end": "complete" | "stopped" | "failed" | "in_doubt" | "interrupted", "note": text,
--             "reason": "asked" | "window" | "waiting" | "gate" | "failure" | "unheard"; missing of a complete one
--             and in older entries}
--            a run that is resumed has another begin-less stretch of entries and another end
--   extend?  {"until", "reason", "who", "host"}: a later end of a run with a term
--   expire?  {"who", "host"}: of a run with a term, when it was past its end and nothing was left to put back
--   contact? {"what": "probe" | "rehearsal_begins" | "rehearsal", "estate", "host", "who", "machine", "outcome",
--             "build": number or null, "holds", "refuted", "untried"}: of no run (run is empty). A probe tried the
--            assumptions about Windows on a host of that build; a rehearsal wrote what was there already, and
--            begins before it is sent.
--
-- Format 1 had the same columns without STRICT, only the four kinds, an index by run, and no head. Its entries are taken
-- over as they are, hashes included; the old file stays beside the new one as FILE.format-1.HASH.
