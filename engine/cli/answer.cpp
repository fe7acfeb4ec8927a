// See answer.hpp.
#include "engine/cli/answer.hpp"

#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/event_log.hpp"

namespace fairway::cli {

Answer trouble(Exit exit, const std::string& code, const std::string& words) {
    Answer out;
    out.exit = exit;
    out.trouble = "error: " + text::printable_lines(words) + "\n";
    out.json["error"] = {{"code", code}, {"text", words}};
    return out;
}

Answer trouble(const Error& error) { return trouble(exit_for(error.code), std::string(name(error.code)), error.text); }

namespace {

Answer trouble_of(const Diagnostics& diagnostics, const std::function<std::string_view(const Diagnostic&)>& source) {
    Answer out;
    out.exit = Exit::bad_document;
    out.json["diagnostics"] = Json::array();
    for (const Diagnostic& d : diagnostics) {
        out.trouble += show(d, source(d));
        out.json["diagnostics"].push_back(
            {{"file", d.file}, {"line", d.place.line}, {"column", d.place.column}, {"text", d.text}, {"hint", d.hint}});
    }
    out.trouble += report::count(diagnostics.size(), "error") + "; nothing was written.\n";
    out.json["error"] = {{"code", "bad_input"}, {"text", report::count(diagnostics.size(), "error")}};
    return out;
}

}  // namespace

Answer trouble(const Diagnostics& diagnostics, std::string_view source) {
    return trouble_of(diagnostics, [&](const Diagnostic&) { return source; });
}

Answer trouble_in_files(const Diagnostics& diagnostics, const Texts& sources) {
    return trouble_of(diagnostics, [&](const Diagnostic& one) {
        const auto source = sources.find(one.file);
        return source == sources.end() ? std::string_view() : std::string_view(source->second);
    });
}

void Stage::say(const std::string& text) const {
    if (structured) return;
    screen::out(text);
}

void Stage::bar(std::string_view what, std::size_t done, std::size_t of) const { screen::bar(what, done, of); }

void Stage::waiting(std::string_view what, std::int64_t deadline) const {
    if (events) events->waiting(what, deadline);
}

void Stage::tell_json(Json event) const { events->tell(std::move(event)); }

}  // namespace fairway::cli
