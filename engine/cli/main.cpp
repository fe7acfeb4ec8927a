// From the command line to an exit status: parse, set up logging and colour, call the command, print.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/base/caller.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/log.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/answer.hpp"
#include "engine/cli/event_log.hpp"
#include "engine/cli/files_apart.hpp"
#include "engine/cli/format.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/options.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/record.hpp"
#include "engine/cli/result_file.hpp"

namespace fairway::cli {
namespace {

// A crash must not leave keys and passwords in a core file.
void keep_memory_to_ourselves() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

bool wants_colour(const Request& request) {
    const std::string choice = request.get("color");
    if (choice == "always") return true;
    const char* no_color = std::getenv("NO_COLOR");
    return choice != "never" && !(no_color && *no_color) && screen::takes_escapes();
}

Result<void> open_log(const Request& request) {
    const auto level = log::parse_level(request.get("log-level"));
    if (!level) return tl::unexpected(level.error());
    return log::open(*level, request.get("log-file"));
}

// What comes of a printed result. One that is lost is an error, but not when the reader has had enough (a closed pipe),
// nor of a run: that was made, and the journal has it.
int put(bool written, Exit exit, bool of_run = false) {
    if (written || errno == EPIPE) return static_cast<int>(exit);
    const char* why = std::strerror(errno);
    if (of_run) {
        screen::err(fmt::format("cannot write the result: {}; `fairway history` has the run\n", why));
        return static_cast<int>(exit);
    }
    screen::err(fmt::format("error: cannot write the result: {}\n", why));
    return static_cast<int>(exit == Exit::fine ? Exit::error : exit);
}

// A result into the file of --out. An error in the form of text is on stderr, and leaves the file as it was.
int put(const std::string& path, const std::string& content, Exit exit, bool of_run) {
    if (content.empty()) return static_cast<int>(exit);
    if (const auto written = write_result(path, content); !written) {
        screen::err(fmt::format("error: {}{}\n", text::printable(written.error().text),
                                of_run ? "; `fairway history` has the run" : ""));
        return static_cast<int>(of_run ? exit : Exit::storage);
    }
    screen::err(fmt::format("The result is in {}.\n", text::printable(path)));
    return static_cast<int>(exit);
}

// `file`: the file of --out; empty: standard output.
int print(Answer answer, const Request& request, const FormatRow& format, const std::string& file = {}) {
    screen::err(answer.trouble);
    if (!format.print || answer.exact) {
        if (!file.empty())
            return put(file, answer.exact ? answer.text : completed(answer.text, request), answer.exit, answer.of_run);
        const bool paged = request.command && !request.command->tells_events && !request.has("no-pager");
        const auto out = answer.exact ? screen::out_exact : paged ? screen::out_paged : screen::out;
        return put(out(answer.text), answer.exit, answer.of_run);
    }
    Json envelope = {{"fairway", 1},
                     {"command", request.command ? request.command->name : ""},
                     {"exit", static_cast<int>(answer.exit)},
                     {"time", show_time(system_now())},
                     {"version", FAIRWAY_VERSION},
                     {"who", fmt::format("{}@{}", account(), machine())}};
    for (auto& [key, value] : answer.json.items()) envelope[key] = std::move(value);
    answer.json.clear();
    if (envelope.contains("error")) {
        Json& words = envelope["error"]["text"];
        words = completed(words.get<std::string>(), request);
    }
    const std::string result = format.print(envelope, request.command ? request.command->list : "");
    return file.empty() ? put(screen::out_exact(result), answer.exit, answer.of_run)
                        : put(file, result, answer.exit, answer.of_run);
}

int usage(const Error& error, const Request& request, const FormatRow& format) {
    const bool refused = error.code == Code::refused;
    Answer out = trouble(refused ? Exit::refused : Exit::usage, std::string(name(error.code)), error.text);
    // A document's complaint comes with its place and its line feed.
    if (error.text.ends_with('\n')) out.trouble = text::printable_lines(error.text);
    return print(out, request, format);
}

int run(const std::vector<std::string>& arguments) {
    auto [request, right] = parse(arguments);
    if (right && request.help) return put(screen::out(request.command ? help(*request.command) : help()), Exit::fine);
    const FormatRow& requested = find_format(format_asked(arguments));
    if (arguments.empty() && !requested.print) return put(screen::out(help()), Exit::usage);
    if (!right) return usage(right.error(), request, requested);
    screen::rewrite([&said = request](std::string_view text) { return completed(text, said); });
    const FormatRow& format = find_format(request.get("output"));
    if (auto apart = files_are_apart(request); !apart) return usage(apart.error(), request, format);
    if (auto opened = open_log(request); !opened) return usage(opened.error(), request, format);
    if (request.has("record")) {
        auto recording = Recording::open(request.get("record"));
        if (!recording) return print(trouble(recording.error()), request, format);
        request.recording = std::move(*recording);
    }
    const auto events = EventLog::open(request);
    if (!events) return print(trouble(events.error()), request, format);
    const std::string file = result_file(request);
    if (!file.empty())
        if (const auto usable = is_for_results(file); !usable)
            return usable.error().code == Code::storage ? print(trouble(usable.error()), request, format)
                                                        : usage(usable.error(), request, format);
    const bool events_alone = *events && request.get("events") == events_to_stdout;
    if (events_alone && format.print && file.empty())
        return print(trouble(Exit::usage, "bad_input",
                             "--events - and --output both write to standard output; give --events a file"),
                     request, format);
    const Stage stage{.style = file.empty() ? report::Style{.colour = wants_colour(request),
                                                            .ascii = screen::is_ascii(),
                                                            .columns = screen::columns()}
                                            : report::Style{.colour = request.get("color") == "always"},
                      .structured = format.print != nullptr || events_alone,
                      .terminal = ::isatty(STDERR_FILENO) == 1,
                      .events = *events};
    Answer answer = request.command->run(request, stage);
    if (events_alone) answer.text.clear();
    screen::err(text::printable_lines(told(request.recording)));
    return print(std::move(answer), request, format, file);
}

}  // namespace
}  // namespace fairway::cli

int main(int argc, char** argv) {
    using namespace fairway::cli;
    keep_memory_to_ourselves();
    fill_standard_descriptors();
    fairway::screen::begin();
    end_on_interrupts();
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& e) {
        // Nothing is meant to get here: exceptions of libraries are caught in the files that include them.
        fairway::screen::err(
            fmt::format("error: {} (this is a fault of Fairway; what was journalled can be resumed)\n", e.what()));
        return static_cast<int>(Exit::error);
    }
}
