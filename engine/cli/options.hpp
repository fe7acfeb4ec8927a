// What was asked for: flags over environment over config files. Its source alone includes Boost.Program_options; the
// rows of commands and options are in command_table.cpp.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/recording.hpp"

namespace fairway::cli {

// What becomes of a file that an option names. Before a command begins, files_apart compares them all.
enum class FileUse {
    none,             // it names none, or a program
    read,             // a document of the caller
    written,          // it gets a new content, or more of it
    kept,             // ours, from one command to the next: the journal
    written_by_runs,  // by a command that tells events; others read it
};

struct OptionRow {
    std::string_view name;
    char letter = 0;                 // short form, or 0
    std::string_view argument = "";  // what it takes, e.g. FILE; empty: a switch
    std::string_view doc = "";
    bool configurable = false;  // also as FAIRWAY_NAME and as a key of the config file
    bool everywhere = false;    // every command takes it
    bool repeated = false;
    FileUse file = FileUse::none;
    std::string (*otherwise)() = nullptr;  // of a configurable one: what counts where nobody sets it; null: nothing
};

struct Answer;
struct Request;
struct Stage;

// A command is one row and its function.
struct CommandRow {
    using Words = std::vector<std::string_view>;

    std::string_view name;
    std::string_view arguments = "";  // as the usage line shows them
    std::size_t least = 0, most = 0;  // how many there are
    std::string_view summary;
    std::string_view instead = "";  // the option that stands for an argument, where one of the two is needed
    Words options = {};             // beside those that stand everywhere
    Words needs = {};               // those of them without which it cannot begin
    Answer (&run)(const Request&, const Stage&);
    Words fields;                  // what its result has when nothing went wrong (report/result_schema)
    Words otherwise = {};          // what its result has instead, of a dry run or another kind of argument
    bool reads_arguments = false;  // those of them that are files: plans, documents
    bool tells_events = false;     // it makes runs, and --events has what happens to them
    std::string_view list = "";  // the field with one entry for each line of a table; empty: it has no form as a table
    Words forms = {};            // of its result, beside those that every command has (format)
    // Whether --out names the file for its result; null: it has no --out, or means something else by it.
    bool (*result_to_out)(const Request&) = nullptr;
};

std::span<const OptionRow> option_table();
std::span<const CommandRow> command_table();
bool taken_by(const OptionRow& row, const CommandRow& command);

struct Request {
    const CommandRow* command = nullptr;  // null: only help was asked for
    std::vector<std::string> arguments;
    std::map<std::string, std::vector<std::string>, std::less<>> options;
    std::map<std::string, std::string, std::less<>> places =
        {};  // policy, inventory, store, config: as they were typed
    std::map<std::string, std::string, std::less<>> sources = {};  // of configured options: a variable, or file:line
    bool help = false;
    SharedRecording recording = {};  // opened for --record; null: nothing is recorded

    bool has(std::string_view option) const { return options.contains(option); }
    std::string get(std::string_view option) const;  // what was given, or counts otherwise; or empty
    std::vector<std::string> all(std::string_view option) const;
};

// Code::bad_input: the document of this option was neither given nor configured.
Result<void> has_document(const Request& request, std::string_view option);

// The number that the option was given, from 1 to `most`. Code::bad_input: it is none; `of`: of what, for people.
Result<std::size_t> count_given(const Request& request, std::string_view option, std::string_view of, std::size_t most);

struct Parsed {
    Request request;  // where it is wrong: as far as it was understood
    Result<void>
        right;  // Code::bad_input: the command line or the config is wrong; the text says how it would be right
};
// By --config or FAIRWAY_CONFIG; empty: the usual ones count.
std::string named_config(const Request& request);

// FAIRWAY_LOG_LEVEL for log-level.
std::string variable(std::string_view option);

Parsed parse(const std::vector<std::string>& arguments);

// The form in which results are asked for, by whatever can be understood of a command line or a config that is wrong.
std::string format_asked(const std::vector<std::string>& arguments);

std::string help();
std::string help(const CommandRow& command);

}  // namespace fairway::cli
