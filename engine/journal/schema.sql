-- The journal: what Fairway did, as it happened. One table, append-only, hash-chained.
-- This file is the documentation of the format and is compiled into the program.
--
-- Opened with journal_mode = WAL and synchronous = FULL: a row that was answered for is on the disk.
-- SQL is kept plain, so that the same table can live in another database later.

CREATE TABLE format (
    version INTEGER NOT NULL            -- 1; a journal of a newer version is refused, never guessed at
);

CREATE TABLE entry (
    seq      INTEGER PRIMARY KEY,       -- 1, 2, 3 … without gaps
    run      TEXT    NOT NULL,          -- date and number: 2026-11-22-03
    kind     TEXT    NOT NULL CHECK (kind IN ('begin', 'intent', 'outcome', 'end')),
    at       INTEGER NOT NULL,          -- seconds since 1970, UTC
    body     TEXT    NOT NULL,          -- JSON, see below
    previous TEXT    NOT NULL,          -- hash of entry seq-1; 64 zeros for the first
    hash     TEXT    NOT NULL           -- SHA-256 of "previous\nseq\nrun\nkind\nat\nbody", hexadecimal
);

CREATE INDEX entry_of_run ON entry (run, seq);

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Bodies:
--   begin    {"estate", "purpose", "source", "ticket", "changes": how many, "who", "host",
--             "rolls_back": run or "", "plan": the plan file as text, its digest in it,
--             "replicas": [{"domain", "server", "id"}]: the replicas of the directory (domain controller and
--             invocation id) at which the run reads and writes; missing in older entries}
--   intent   {"change": number in the plan from 0,         durable before the write is sent
--             "replicas": as in begin, those to which the run has come since (resumed with --controller), from this
--             write on; missing where it stays and in older entries. All of them are the run's; it stands at the
--             last one of each domain.}
--   outcome  {"change": number, "outcome": "done" | "not_done" | "torn" | "in_doubt" |
--            "unanswered", "note": text}
--            a later outcome of the same change (a settling, a resumption) supersedes an earlier one
--   end      {"end": "complete" | "stopped" | "failed" | "in_doubt" | "interrupted", "note": text}
--            a run that is resumed has another begin-less stretch of entries and another end
