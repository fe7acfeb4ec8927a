// What a command has to say: an exit status, a text for people, the same as JSON for machines.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/base/diagnostic.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/report/style.hpp"

namespace fairway::cli {

class EventLog;

struct Answer {
    Exit exit = Exit::fine;
    std::string text;            // to stdout, when text was asked for
    Json json = Json::object();  // to stdout, in the form that was asked for
    std::string trouble;         // to stderr, in either form
    bool of_run = false;         // a run was made: its status stands, whatever becomes of the words
    bool exact = false;  // the text is a file (a plan, a schema): printed byte by byte, in whatever form results are
};

Answer trouble(const Error& error);
Answer trouble(Exit exit, const std::string& code, const std::string& text);
// `source` is the document's text, for the excerpts.
Answer trouble(const Diagnostics& diagnostics, std::string_view source);
using Texts = std::map<std::string, std::string, std::less<>>;  // by the name of the file
Answer trouble_in_files(const Diagnostics& diagnostics, const Texts& sources);

// Where long commands speak while they work: lines to stdout in text form, a bar to stderr on a terminal.
struct Stage {
    report::Style style;
    bool structured = false;                // a result is asked for, not the text for people
    bool terminal = false;                  // stderr is one
    std::shared_ptr<EventLog> events = {};  // --events; null: nobody asked for them

    // Each is made only when it is asked for: `make` returns the text, or the fields of the result.
    template <class Make>
    std::string text(const Make& make) const {
        return structured ? std::string() : make();
    }
    template <class Make>
    Json json(const Make& make) const {
        return structured ? Json(make()) : Json::object();
    }

    void say(const std::string& text) const;  // a line of the text form; nothing in any other
    void bar(std::string_view what, std::size_t done, std::size_t of) const;
    // `event` returns what is told to whoever follows the run (report/event_lines).
    template <class Make>
    void tell(const Make& event) const {
        if (events) tell_json(event());
    }
    // For something that is over at that moment (seconds since 1970, UTC) in any case.
    void waiting(std::string_view what, std::int64_t deadline) const;

private:
    void tell_json(Json event) const;
};

}  // namespace fairway::cli
