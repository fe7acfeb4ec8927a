// What a command has to say: an exit status, a text for people, the same as JSON for machines.
#pragma once

#include <string>

#include "engine/base/diagnostic.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/exit_code.hpp"
#include "engine/report/style.hpp"

namespace fairway::cli {

struct Answer {
    Exit exit = Exit::fine;
    std::string text;            // to stdout, when text was asked for
    Json json = Json::object();  // to stdout, when JSON was asked for
    std::string trouble;         // to stderr, in either form
    bool of_run = false;         // a run was made: its status stands, whatever becomes of the words
    bool exact = false;          // the text is a file (a plan, a schema): printed byte by byte
};

Answer trouble(const Error& error);
Answer trouble(Exit exit, const std::string& code, const std::string& text);
// `source` is the document's text, for the excerpts.
Answer trouble(const Diagnostics& diagnostics, std::string_view source);

// Where long commands speak while they work: lines to stdout in text form, a bar to stderr on a terminal.
struct Stage {
    report::Style style;
    bool json = false;
    bool terminal = false;  // stderr is one

    void say(const std::string& text) const;  // a line of the text form; nothing in JSON form
    void bar(std::string_view what, std::size_t done, std::size_t of) const;
};

}  // namespace fairway::cli
